import { BenchError } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import {
  clusteredBootstrap,
  differenceInterval,
  percentileInterval,
  quantileSorted,
  resampledAccuracies,
} from './bootstrap.ts'
import { wilsonInterval } from './intervals.ts'
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
    expect(() => clusteredBootstrap([], options)).toThrow(BenchError)
    expect(() => clusteredBootstrap([new Uint8Array(0)], options)).toThrow(BenchError)
    expect(() => clusteredBootstrap([run, new Uint8Array(4)], options)).toThrow(/3 images|4 images/)
    expect(() => clusteredBootstrap([run], { ...options, resamples: 0 })).toThrow(BenchError)
    const unequal = [
      { runs: [run], cluster: 'a' },
      { runs: [run, run], cluster: 'a' },
    ]
    expect(() => resampledAccuracies(unequal, options)).toThrow(/both 1 and 2 seeds/)
  })
})

describe('clusteredBootstrap', () => {
  it("covers the test images only with one seed, and is then near Wilson's interval", () => {
    const run = Uint8Array.from({ length: 1000 }, (_, i) => (i % 10 < 7 ? 1 : 0))
    const interval = clusteredBootstrap([run], { seed: 1 })
    const wilson = wilsonInterval(700, 1000)
    expect(interval).toMatchObject({
      mean: 0.7,
      level: 0.95,
      resamples: 2000,
      seeds: 1,
      images: 1000,
      coversSeeds: false,
    })
    expect(Math.abs(interval.lower - wilson.lower)).toBeLessThan(0.003)
    expect(Math.abs(interval.upper - wilson.upper)).toBeLessThan(0.003)
  })

  it('says that it covers seeds, and is wider when they spread', () => {
    const options = { seed: 1, resamples: 500 }
    const steady = clusteredBootstrap(simulate(createRandom(1, 'steady'), 4, 300, 0), options)
    const spread = clusteredBootstrap(simulate(createRandom(1, 'spread'), 4, 300, 1), options)
    expect(steady.coversSeeds).toBe(true)
    expect(spread.upper - spread.lower).toBeGreaterThan(1.5 * (steady.upper - steady.lower))
    expect(spread.lower).toBeLessThanOrEqual(spread.mean)
    expect(spread.upper).toBeGreaterThanOrEqual(spread.mean)
  })

  it('covers the true accuracy about as often as it claims', () => {
    // By symmetry of the simulation the true accuracy over all seeds and images is one half.
    const coverage = (seeds: number, seedSpread: number) => {
      const trials = 100
      let covered = 0
      for (let trial = 0; trial < trials; trial++) {
        const runs = simulate(createRandom(trial, 'coverage'), seeds, 100, seedSpread)
        const { lower, upper } = clusteredBootstrap(runs, { seed: trial, resamples: 150 })
        if (lower <= 0.5 && upper >= 0.5) covered++
      }
      return covered / trials
    }
    expect(coverage(1, 0)).toBeGreaterThan(0.9)
    expect(coverage(5, 0.1)).toBeGreaterThan(0.88)
    // An interval that ignored the seeds would fail here: their spread is several times the images' noise.
    expect(coverage(8, 0.5)).toBeGreaterThan(0.82)
  })
})

describe('differenceInterval', () => {
  /** Each side as the one entry of its name. */
  const pairedDifference = (
    first: readonly Uint8Array[],
    second: readonly Uint8Array[],
    options: { readonly seed: number; readonly resamples: number },
  ) => {
    const groups = [
      { runs: first, cluster: 'first' },
      { runs: second, cluster: 'second' },
    ]
    const accuracies = resampledAccuracies(groups, options)
    const [a, b] = groups.map(({ runs }, g) => ({
      mean: clusteredBootstrap(runs, { seed: 0, resamples: 1 }).mean,
      resampled: accuracies[g] ?? [],
      seeds: runs.length,
    }))
    if (!a || !b) throw new Error('two sides were given')
    return differenceInterval(a, b)
  }

  it('is exactly zero for a classifier against itself with one seed', () => {
    const runs = simulate(createRandom(4, 'self'), 1, 100, 0)
    expect(pairedDifference(runs, runs, { seed: 0, resamples: 100 })).toEqual({
      difference: 0,
      lower: 0,
      upper: 0,
      coversSeeds: false,
    })
  })

  it('mirrors when the sides change places, up to their draws of seeds', () => {
    const a = simulate(createRandom(4, 'a'), 1, 200, 0)
    const b = simulate(createRandom(5, 'b'), 1, 200, 0)
    const options = { seed: 0, resamples: 400 }
    const forward = pairedDifference(a, b, options)
    const backward = pairedDifference(b, a, options)
    expect(backward.difference).toBeCloseTo(-forward.difference, 12)
    expect(backward.lower).toBeCloseTo(-forward.upper, 12)
  })

  it('is narrower than two separate intervals where errors are shared', () => {
    const random = createRandom(6, 'shared')
    const a = Uint8Array.from({ length: 500 }, () => (random.uniform() < 0.7 ? 1 : 0))
    const b = a.map((value, i) => (i % 25 === 0 ? 1 : value))
    const options = { seed: 0, resamples: 500 }
    const paired = pairedDifference([b], [a], options)
    const alone = clusteredBootstrap([a], options)
    expect(paired.difference).toBeGreaterThan(0)
    expect(paired.lower).toBeGreaterThanOrEqual(0)
    expect(paired.upper - paired.lower).toBeLessThan((alone.upper - alone.lower) / 2)
  })
})

describe('quantiles', () => {
  it('interpolate between neighbours', () => {
    const sorted = Float64Array.of(1, 2, 4)
    expect([0, 0.25, 0.5, 0.75, 1].map((p) => quantileSorted(sorted, p))).toEqual([1, 1.5, 2, 3, 4])
    expect(percentileInterval(Float64Array.of(4, 1, 2), 0.5)).toEqual({ lower: 1.5, upper: 3 })
  })
})
