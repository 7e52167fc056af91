import { describe, expect, it } from 'vitest'
import type { AugmentationOptions } from '../augmentation/registry.ts'
import { createBatchPreparer } from './batch-preparer.ts'

const imageShape = [4, 4, 3] as const
const imageSize = 48
const set = {
  images: Uint8Array.from({ length: 10 * imageSize }, (_, i) => (i * 37) % 256),
  labels: Uint8Array.from({ length: 10 }, (_, i) => 9 - i),
}
const normalisation = { mean: [0.5, 0.25, 0.1], std: [0.5, 0.2, 0.3] }
const augmentation: AugmentationOptions[] = [
  { name: 'random-crop', padding: 2, mode: 'reflect' },
  { name: 'horizontal-flip', probability: 0.5 },
  { name: 'cutout', size: 2 },
]
const source = { set, imageShape, normalisation }

describe('preparing a batch', () => {
  it('normalises each channel with its own constants and keeps the labels', () => {
    const batch = createBatchPreparer(source)(Uint32Array.of(3, 0), 0)
    expect(batch.size).toBe(2)
    expect([...batch.labels]).toEqual([6, 9])
    for (const [i, index] of [3, 0].entries()) {
      for (const at of [0, 1, 2, 47]) {
        const channel = at % 3
        const byte = set.images[index * imageSize + at] ?? 0
        const mean = normalisation.mean[channel] ?? 0
        const expected = (byte / 255 - mean) / (normalisation.std[channel] ?? 1)
        expect(batch.images[i * imageSize + at]).toBe(Math.fround(expected))
      }
    }
  })

  it('augments an image alike whatever its place, its batch and what was prepared before', () => {
    const prepare = createBatchPreparer({ ...source, augmentation, seed: 5 })
    const batch = prepare(Uint32Array.of(7, 2, 4), 3)
    prepare(Uint32Array.of(1, 1, 1, 1), 8)
    const alone = prepare(Uint32Array.of(4), 3)
    expect(alone.images).toEqual(batch.images.slice(2 * imageSize))
  })

  it('augments differently in another epoch, with another seed, and each image for itself', () => {
    const copies = { ...set, images: new Uint8Array(10 * imageSize) }
    for (let i = 0; i < 10; i++) copies.images.set(set.images.subarray(0, imageSize), i * imageSize)
    const all = Uint32Array.from({ length: 10 }, (_, i) => i)
    const prepare = (seed: number, epoch: number) =>
      createBatchPreparer({ ...source, set: copies, augmentation, seed })(all, epoch).images
    const first = prepare(1, 0)
    expect(prepare(1, 0)).toEqual(first)
    expect(prepare(1, 1)).not.toEqual(first)
    expect(prepare(2, 0)).not.toEqual(first)
    expect(first.subarray(0, imageSize)).not.toEqual(first.subarray(imageSize, 2 * imageSize))
  })

  it('writes over the memory it is given and takes new memory when that is too small', () => {
    const prepare = createBatchPreparer({ ...source, augmentation, seed: 1 })
    const fresh = prepare(Uint32Array.of(1, 2), 0)
    const images = new Float32Array(3 * imageSize).fill(99).buffer
    const labels = new Int32Array(3).buffer
    const reused = prepare(Uint32Array.of(1, 2), 0, { images, labels })
    expect(reused.images.buffer).toBe(images)
    expect(reused).toEqual(fresh)
    const tooSmall = { images: new ArrayBuffer(4), labels: new ArrayBuffer(4) }
    expect(prepare(Uint32Array.of(1, 2), 0, tooSmall)).toEqual(fresh)
  })

  it('adds a second view and partners as further rows, each augmented for itself', () => {
    const partners = { count: 2, draw: (index: number) => [index, 9 - index] }
    const prepare = createBatchPreparer({ ...source, augmentation, seed: 5, views: 2, partners })
    const indices = Uint32Array.of(7, 2)
    const batch = prepare(indices, 3)
    expect(batch.size).toBe(2)
    expect([...batch.indices]).toEqual([7, 2])
    expect([...batch.labels]).toEqual([2, 7, 2, 7, 2, 7, 7, 2])
    const row = (i: number) => batch.images.slice(i * imageSize, (i + 1) * imageSize)
    const plain = createBatchPreparer({ ...source, augmentation, seed: 5 })(indices, 3)
    expect(batch.images.slice(0, 2 * imageSize)).toEqual(plain.images)
    // Image 7 in its first and second view, and as its own partner: three draws of the augmentation.
    for (const other of [row(2), row(4)]) expect(other).not.toEqual(row(0))
    expect(row(4)).not.toEqual(row(2))
    expect(prepare(Uint32Array.of(2), 3).images.slice(imageSize, 2 * imageSize)).toEqual(row(3))
  })

  it('refuses an image that the set does not have', () => {
    expect(() => createBatchPreparer(source)(Uint32Array.of(10), 0)).toThrow(
      'Image 10 is outside the set of 10',
    )
  })
})
