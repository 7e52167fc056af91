import { BenchError } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { resampledAccuracies } from './bootstrap.ts'
import { createRandom, type Random } from './random.ts'

/** Runs over images whose difficulty varies, with a random effect of each seed. */
function simulate(random: Random, seeds: number, images: number, seedSpread: number): Uint8Array[] {
  const easiness = Float64Array.from({ length: images }, () => random.normal())
  return Array.from({ length: seeds }, () => {
    const effect = seedSpread * random.normal()
    return Uint8Array.from(easiness, (easy) => (easy + effect + random.normal() > 0 ? 1 : 0))
  })
}

const variance = (values: Float64Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}

describe('resampledAccuracies', () => {
  it('agrees with drawing images one by one from the documented stream', () => {
    const run = Uint8Array.of(1, 0, 0, 1, 1, 0, 1)
    const [accuracies] = resampledAccuracies([{ runs: [run], cluster: 'a' }], { seed: 5, resamples: 20 })
    for (let r = 0; r < 20; r++) {
      const random = createRandom(5, 'bootstrap-images', r)
      let right = 0
      for (let i = 0; i < run.length; i++) right += run[random.integer(run.length)] ?? 0
      expect(accuracies?.[r]).toBe(right / run.length)
    }
  })

  it('has the variance of a mean over images for one seed', () => {
    const run = Uint8Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 0 : 1))
    const [accuracies] = resampledAccuracies([{ runs: [run], cluster: 'a' }], { seed: 1, resamples: 4000 })
    expect(variance(accuracies ?? new Float64Array()) / ((0.75 * 0.25) / 400)).toBeCloseTo(1, 1)
  })

  it('has the unbiased variance of a mean over seeds where images add none', () => {
    // Each seed is right on all images or on none: s^2 / S with accuracies 1, 0, 0, 1 is (1/3) / 4.
    const all = new Uint8Array(10).fill(1)
    const none = new Uint8Array(10)
    const [accuracies] = resampledAccuracies([{ runs: [all, none, none, all], cluster: 'a' }], {
      seed: 1,
      resamples: 8000,
    })
    expect(variance(accuracies ?? new Float64Array()) / (1 / 12)).toBeCloseTo(1, 1)
  })

  it('draws the same images for all groups and the same seeds within a cluster', () => {
    const runs = simulate(createRandom(2, 'test'), 3, 50, 0.5)
    const options = { seed: 3, resamples: 200 }
    const groups = ['a', 'a', 'b'].map((cluster) => ({ runs, cluster }))
    const [first, same, other] = resampledAccuracies(groups, options)
    expect(same).toEqual(first)
    expect(other).not.toEqual(first)
    expect(resampledAccuracies(groups, options)[0]).toEqual(first)
    // A cluster's draws go by its name, not by its place.
    expect(resampledAccuracies(groups.toReversed(), options)[0]).toEqual(other)
    expect(resampledAccuracies(groups, { ...options, seed: 4 })[0]).not.toEqual(first)
  })

  it('refuses runs that do not fit together', () => {
    const run = new Uint8Array(3)
    const options = { seed: 0, resamples: 10 }
    const resample = (...runs: Uint8Array[]) => resampledAccuracies([{ runs, cluster: 'a' }], options)
    expect(() => resample()).toThrow(BenchError)
    expect(() => resample(new Uint8Array(0))).toThrow(BenchError)
    expect(() => resample(run, new Uint8Array(4))).toThrow(/3 images|4 images/)
    expect(() => resampledAccuracies([{ runs: [run], cluster: 'a' }], { ...options, resamples: 0 })).toThrow(
      BenchError,
    )
    const unequal = [
      { runs: [run], cluster: 'a' },
      { runs: [run, run], cluster: 'a' },
    ]
    expect(() => resampledAccuracies(unequal, options)).toThrow(/both 1 and 2 seeds/)
  })
})
