import { BenchError } from '@mate-bench/schema'
import type { MemoryImages } from '../dataset.ts'

const height = 32
const width = 32
const channels = 3
const plane = height * width
const pixels = plane * channels

export interface CifarRecords {
  /** Files in order; their records follow each other. */
  readonly files: readonly string[]
  readonly recordsPerFile: number
  /** Label bytes before the pixels: CIFAR-10 has one, CIFAR-100 has coarse then fine. */
  readonly labelBytes: 1 | 2
  /** Which of the label bytes is the class. */
  readonly labelAt: 0 | 1
  readonly classes: number
}

/** Bytes of one record: the labels, then 1024 red, 1024 green and 1024 blue values, row-major 32x32. */
export function cifarRecordBytes(labelBytes: 1 | 2): number {
  return labelBytes + pixels
}

/**
 * Records of the binary version of CIFAR (Krizhevsky 2009) as interleaved images, [N, 32, 32, 3].
 *
 * @throws BenchError `bad-input` when a file is absent, has another length, or holds a label that is no class
 */
export function decodeCifar(contents: ReadonlyMap<string, Uint8Array>, opts: CifarRecords): MemoryImages {
  const recordBytes = cifarRecordBytes(opts.labelBytes)
  const count = opts.files.length * opts.recordsPerFile
  const images = new Uint8Array(count * pixels)
  const labels = new Uint8Array(count)
  let image = 0
  for (const file of opts.files) {
    const bytes = contents.get(file)
    if (!bytes) throw malformed(file, 'it is not among the files given')
    if (bytes.length !== opts.recordsPerFile * recordBytes) {
      throw malformed(file, `it has ${bytes.length} bytes, expected ${opts.recordsPerFile * recordBytes}`)
    }
    for (let start = 0; start < bytes.length; start += recordBytes) {
      const label = bytes[start + opts.labelAt] as number
      if (label >= opts.classes) throw malformed(file, `label ${label} of image ${image} is no class`)
      labels[image] = label
      interleave(bytes, start + opts.labelBytes, images, image * pixels)
      image++
    }
  }
  return { images, labels }
}

/** [C, H, W] planes to [H, W, C]. */
function interleave(from: Uint8Array, start: number, to: Uint8Array, target: number): void {
  let at = target
  for (let i = start; i < start + plane; i++) {
    to[at++] = from[i] as number
    to[at++] = from[i + plane] as number
    to[at++] = from[i + 2 * plane] as number
  }
}

function malformed(file: string, why: string): BenchError {
  return new BenchError({ code: 'bad-input', message: `${file} can't be decoded: ${why}.`, path: file })
}
