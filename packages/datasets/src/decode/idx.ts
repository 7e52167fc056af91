import { BenchError } from '@mate-bench/schema'
import type { MemoryImages } from '../dataset.ts'

/**
 * The IDX format of MNIST (LeCun, Cortes, Burges): a big-endian magic number `0x0000TTDD` with the element
 * type (0x08 = unsigned byte) and the number of dimensions, the dimensions as uint32, then the elements.
 */
const unsignedByte = 0x08

/** An IDX file of unsigned bytes with the given dimensions, as its elements (a view, not a copy). */
function readIdx(file: string, bytes: Uint8Array, shape: readonly number[]): Uint8Array {
  const headerBytes = 4 + 4 * shape.length
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = (unsignedByte << 8) | shape.length
  if (bytes.length < headerBytes || view.getUint32(0) !== magic) {
    throw malformed(file, `it does not start with the IDX header 0x${magic.toString(16).padStart(8, '0')}`)
  }
  const found = shape.map((_, i) => view.getUint32(4 + 4 * i))
  if (found.some((size, i) => size !== shape[i])) {
    throw malformed(file, `its dimensions are ${found.join(' x ')}, expected ${shape.join(' x ')}`)
  }
  const elements = shape.reduce((product, size) => product * size, 1)
  if (bytes.length !== headerBytes + elements) {
    throw malformed(file, `it has ${bytes.length} bytes, its header announces ${headerBytes + elements}`)
  }
  return bytes.subarray(headerBytes)
}

/** Writes unsigned bytes as an IDX file. */
export function encodeIdx(shape: readonly number[], elements: Uint8Array): Uint8Array {
  const headerBytes = 4 + 4 * shape.length
  const bytes = new Uint8Array(headerBytes + elements.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, (unsignedByte << 8) | shape.length)
  shape.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size)
  })
  bytes.set(elements, headerBytes)
  return bytes
}

export interface IdxPair {
  readonly images: string
  readonly labels: string
  readonly count: number
}

/**
 * Grey images and their labels from two IDX files.
 *
 * @param files contents by name
 * @param pair the two names, and how many images they hold
 * @param size height and width
 * @param classes labels must be below this
 * @throws BenchError `bad-input` when a file is absent or malformed
 */
export function decodeIdxPair(
  files: ReadonlyMap<string, Uint8Array>,
  pair: IdxPair,
  size: readonly [number, number],
  classes: number,
): MemoryImages {
  const read = (name: string, shape: readonly number[]) => {
    const bytes = files.get(name)
    if (!bytes) throw malformed(name, 'it is not among the files given')
    return readIdx(name, bytes, shape)
  }
  const images = read(pair.images, [pair.count, ...size]) // [N * H * W * 1]
  const labels = read(pair.labels, [pair.count]) // [N]
  const outside = labels.findIndex((label) => label >= classes)
  if (outside >= 0) throw malformed(pair.labels, `label ${labels[outside]} of image ${outside} is no class`)
  return { images, labels }
}

function malformed(file: string, why: string): BenchError {
  return new BenchError({ code: 'bad-input', message: `${file} can't be decoded: ${why}.`, path: file })
}
