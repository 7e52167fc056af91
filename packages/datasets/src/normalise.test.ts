import { describe, expect, it } from 'vitest'
import { fashionMnistMini } from './fashion-mnist-mini.ts'
import { inMemory } from './fixtures/tiny-dataset.ts'
import { measureNormalisation, normalisationTable } from './normalise.ts'
import { openDataset } from './open.ts'

describe('normalisation', () => {
  it('measures mean and population deviation by channel', () => {
    // Channel 0 holds 0 and 255, channel 1 holds 51 twice.
    const { mean, std } = measureNormalisation({ images: Uint8Array.of(0, 51, 255, 51) }, 2)
    expect(mean).toEqual([0.5, 0.2])
    expect(std).toEqual([0.5, 0])
  })

  it('maps bytes to (byte / 255 - mean) / std', () => {
    const table = normalisationTable({ mean: [0.5, 0.25], std: [0.5, 0.125] })
    expect(table[0]).toBe(-1)
    expect(table[255]).toBe(1)
    expect(table[256]).toBe(-2)
    expect(table[256 + 51]).toBe(Math.fround((0.2 - 0.25) / 0.125))
  })

  it("has the shipped dataset's own constants", async () => {
    const { trainSet } = await openDataset(fashionMnistMini.options.parse({ name: 'fashion-mnist-mini' }))
    const { mean, std } = measureNormalisation(inMemory(trainSet), 1)
    expect(mean[0]).toBeCloseTo(fashionMnistMini.normalisation.mean[0] ?? 0, 8)
    expect(std[0]).toBeCloseTo(fashionMnistMini.normalisation.std[0] ?? 0, 8)
  })
})
