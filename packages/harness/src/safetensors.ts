/**
 * The safetensors format: eight bytes of header length (little-endian), a JSON header that names dtype, shape
 * and byte range of each tensor, then the bytes. https://github.com/huggingface/safetensors (format section).
 * Read and written by every framework; no code runs on loading.
 */
import { BenchError, brief } from '@mate-bench/schema'
import { z } from 'zod'

export type TensorData = Float32Array | Int32Array

export interface NamedTensor {
  readonly shape: readonly number[]
  readonly data: TensorData
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, NamedTensor>
  readonly metadata: Readonly<Record<string, string>>
}

/** A name and a few numbers a tensor: far above what any network has. */
const maximumHeaderBytes = 20_000_000

const extent = z.int().min(0)

const tensorEntry = z.strictObject({
  dtype: z.enum(['F32', 'I32']),
  shape: z.array(extent).max(16),
  data_offsets: z.tuple([extent, extent]),
})

const metadataEntry = z.record(z.string(), z.string())

/** Serialises tensors in name order, data aligned to eight bytes. Equal content gives equal bytes. */
export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Uint8Array {
  const names = [...tensors.keys()].sort()
  // Without a prototype: a tensor may be called __proto__.
  const header: Record<string, unknown> = Object.create(null)
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata
  let offset = 0
  for (const name of names) {
    const tensor = tensors.get(name)
    if (!tensor) continue
    header[name] = {
      dtype: tensor.data instanceof Float32Array ? 'F32' : 'I32',
      shape: tensor.shape,
      data_offsets: [offset, offset + tensor.data.byteLength],
    }
    offset += tensor.data.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const headerBytes = Math.ceil(json.length / 8) * 8
  const file = new Uint8Array(8 + headerBytes + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.fill(0x20, 8, 8 + headerBytes)
  file.set(json, 8)
  let position = 8 + headerBytes
  for (const name of names) {
    const data = tensors.get(name)?.data
    if (!data) continue
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return file
}

/**
 * Parses a safetensors file.
 * @throws BenchError `bad-input` for a header or byte range that does not fit the file
 */
export function decodeSafetensors(file: Uint8Array, source = 'safetensors file'): SafetensorsFile {
  const refuse = (problem: string) =>
    new BenchError({
      code: 'bad-input',
      message: `${source} is not a safetensors file: ${problem}.`,
      path: source,
    })
  if (file.length < 8) throw refuse('it is shorter than its header')
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headerBytes = Number(view.getBigUint64(0, true))
  if (headerBytes > Math.min(maximumHeaderBytes, file.length - 8))
    throw refuse('its header is longer than the file')
  const header = parseHeader(file.subarray(8, 8 + headerBytes), refuse)
  const body = file.subarray(8 + headerBytes)
  const tensors = new Map<string, NamedTensor>()
  const ranges: (readonly [number, number])[] = []
  let metadata: Record<string, string> = {}
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      const parsed = metadataEntry.safeParse(entry)
      if (!parsed.success) throw refuse('its metadata are not texts')
      metadata = parsed.data
      continue
    }
    const parsed = tensorEntry.safeParse(entry)
    if (!parsed.success) {
      throw refuse(`tensor ${brief(name)} has no dtype that is read (F32, I32), shape and byte range`)
    }
    const { dtype, shape, data_offsets: range } = parsed.data
    const [start, end] = range
    const size = shape.reduce((product, length) => product * length, 1)
    if (end - start !== size * 4 || end > body.length) {
      throw refuse(`tensor ${brief(name)} has a wrong byte range`)
    }
    ranges.push(range)
    // A copy that starts at its own buffer: a Buffer's slice would still be a view of the whole file.
    const bytes = new Uint8Array(body.subarray(start, end))
    tensors.set(name, {
      shape,
      data: dtype === 'F32' ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer),
    })
  }
  checkCover(ranges, body.length, refuse)
  return { tensors, metadata }
}

/** Every byte belongs to one tensor: overlapping ones would be read as more values than the file has. */
function checkCover(
  ranges: readonly (readonly [number, number])[],
  length: number,
  refuse: (problem: string) => BenchError,
): void {
  let covered = 0
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== covered) throw refuse('its tensors overlap, or leave bytes out')
    covered = end
  }
  if (covered !== length) throw refuse('its tensors do not cover its bytes')
}

function parseHeader(bytes: Uint8Array, refuse: (problem: string) => BenchError): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof header !== 'object' || header === null || Array.isArray(header))
      throw new Error('not an object')
    return header as Record<string, unknown>
  } catch {
    throw refuse('its header is not JSON')
  }
}
