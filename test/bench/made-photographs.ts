import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenDataset } from '@mate-bench/datasets'
import { digestIndices } from '@mate-bench/provenance'
import { createRandom } from '@mate-bench/stats'

const count = 1_000
const [height, width] = [256, 341]

/** Packed photographs of random pixels, as many and as large as 262 MB hold: three by four, with a short side of 256. */
export function makePhotographs(): { dataset: OpenDataset; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-photographs-'))
  const file = join(folder, 'images.bin')
  const bytes = height * width * 3
  const random = createRandom(0, 'bench-photographs')
  const pixels = Uint8Array.from({ length: bytes }, () => random.integer(256))
  const handle = openSync(file, 'w')
  for (let i = 0; i < count; i++) writeSync(handle, pixels)
  closeSync(handle)
  const shared = (size: number) => new SharedArrayBuffer(count * size)
  const set = {
    packed: {
      file,
      offsets: new Float64Array(shared(8)).map((_, i) => i * bytes),
      heights: new Uint16Array(shared(2)).fill(height),
      widths: new Uint16Array(shared(2)).fill(width),
    },
    labels: new Uint16Array(shared(2)),
  }
  const indices = Uint32Array.from({ length: count }, (_, index) => index)
  const all = { indices, digest: digestIndices(indices) }
  const none = { indices: new Uint32Array(), digest: digestIndices(new Uint32Array()) }
  const dataset: OpenDataset = {
    name: 'photographs',
    imageShape: [224, 224, 3],
    classes: ['none'],
    normalisation: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], source: 'Made up.' },
    source: 'random',
    files: [],
    trainSet: set,
    testSet: set,
    splits: { train: all, validation: none, test: all },
  }
  return { dataset, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
