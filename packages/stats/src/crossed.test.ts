import { BenchError } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { accuracyInterval, compareCrossed, seedsToTellApart, trackSpread } from './crossed.ts'
import { countCrossed } from './entry-aggregate.ts'
import { sumOfProducts, sumOverRuns } from './image-sums.ts'
import { wilsonInterval } from './intervals.ts'
import { createRandom } from './random.ts'
import { studentQuantile } from './special.ts'

/** Runs over images whose difficulty varies, with a random effect of each seed. */
function draw(
  name: string,
  seeds: number,
  images: number,
  { easier = 0, seedSpread = 0.1 } = {},
): Uint8Array[] {
  const easiness = createRandom(0, 'images')
  const difficulty = Float64Array.from({ length: images }, () => easiness.normal())
  return Array.from({ length: seeds }, (_, seed) => {
    const random = createRandom(seed, name)
    const effect = easier + seedSpread * random.normal()
    return Uint8Array.from(difficulty, (easy) => (easy + effect + random.normal() > 0 ? 1 : 0))
  })
}

const compare = (a: readonly Uint8Array[], b: readonly Uint8Array[], options = {}) =>
  compareCrossed(countCrossed(a), countCrossed(b), sumOfProducts(sumOverRuns(a), sumOverRuns(b)), options)

/** Mean squares of a layout of runs and images, walked through cell by cell. */
function layout(runs: readonly Uint8Array[]) {
  const [s, n] = [runs.length, runs[0]?.length ?? 0]
  const at = (i: number, j: number) => runs[i]?.[j] ?? 0
  const range = (length: number) => Array.from({ length }, (_, i) => i)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const ofRun = range(s).map((i) => mean(range(n).map((j) => at(i, j))))
  const ofImage = range(n).map((j) => mean(range(s).map((i) => at(i, j))))
  const all = mean(ofRun)
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0)
  const rest = range(s).flatMap((i) =>
    range(n).map((j) => at(i, j) - (ofRun[i] ?? 0) - (ofImage[j] ?? 0) + all),
  )
  return {
    ofImage,
    seed: squares(ofRun.map((value) => value - all)) / (s - 1),
    rest: squares(rest) / ((s - 1) * (n - 1)) / n,
  }
}

describe('compareCrossed', () => {
  it('is the two-way layout walked through cell by cell', () => {
    const [a, b] = [draw('a', 3, 60), draw('b', 4, 60)]
    const [first, second] = [layout(a), layout(b)]
    const n = 60
    const differences = first.ofImage.map((value, j) => value - (second.ofImage[j] ?? 0))
    const difference = differences.reduce((sum, value) => sum + value, 0) / n
    const doubt = (1 / 3 + 1 / 4) / 2
    const ofDifferences =
      (differences.reduce((sum, value) => sum + (value - difference) ** 2, 0) + doubt) / (n - 1) / n
    const images = ofDifferences - first.rest / 3 - second.rest / 4
    const variance = images + first.seed / 3 + second.seed / 4
    const counted = [(first.seed / 3) * (1 + 14 / 8), (second.seed / 4) * (1 + 14 / 27)]
    const [x = 0, y = 0] = counted
    const degreesOfFreedom = (images + x + y) ** 2 / (images ** 2 / (n - 1) + x ** 2 / 2 + y ** 2 / 3)

    const found = compare(a, b)
    expect(images).toBeGreaterThan(0)
    expect(found.difference).toBeCloseTo(difference, 12)
    expect(found.standardError).toBeCloseTo(Math.sqrt(variance), 12)
    expect(found.degreesOfFreedom).toBeCloseTo(degreesOfFreedom, 9)
    const half = studentQuantile(0.975, degreesOfFreedom) * Math.sqrt(variance)
    expect(found.lower).toBeCloseTo(difference - half, 9)
    expect(found.upper).toBeCloseTo(difference + half, 9)
    expect(found.seedShare).toBe('own')
  })

  it('mirrors when the sides change places', () => {
    const [a, b] = [draw('a', 3, 80), draw('b', 5, 80, { easier: 0.3 })]
    const [forth, back] = [compare(a, b), compare(b, a)]
    expect(back.difference).toBe(-forth.difference)
    expect(back.lower).toBeCloseTo(-forth.upper, 14)
    expect(back.pValue).toBeCloseTo(forth.pValue, 14)
  })

  it('gives p below 0.05 where the interval excludes zero, and above where it does not', () => {
    for (const easier of [0, 0.1, 0.2, 0.4, 0.8, 1.6]) {
      const { lower, upper, pValue } = compare(draw('a', 4, 200, { easier }), draw('b', 4, 200))
      expect(pValue < 0.05).toBe(lower > 0 || upper < 0)
    }
  })

  it('is never certain: equal predictions leave a doubt', () => {
    const runs = [new Uint8Array(50).fill(1)]
    expect(compare(runs, runs)).toMatchObject({ difference: 0, pValue: 1, seedShare: 'unknown' })
    expect(compare(runs, runs).upper).toBeGreaterThan(0)
  })

  it("takes the seeds' share of one seed from the track, and says where it is from", () => {
    const [one, many] = [draw('one', 1, 300), draw('many', 5, 300, { seedSpread: 0.5 })]
    const track = trackSpread([countCrossed(many), countCrossed(one)])
    expect(track).toMatchObject({ degreesOfFreedom: 4, entries: 1 })
    const [unknown, known] = [compare(one, many), compare(one, many, { track })]
    expect([unknown.seedShare, known.seedShare]).toEqual(['unknown', 'track'])
    expect(known.standardError ** 2 - unknown.standardError ** 2).toBeCloseTo(track?.variance ?? 0, 12)
    expect(trackSpread([countCrossed(one)])).toBeNull()
    const entries = Array.from({ length: 12 }, (_, i) => countCrossed(draw(`entry ${i}`, 2 + (i % 3), 70)))
    for (let turn = 1; turn < entries.length; turn++) {
      const turned = [...entries.slice(turn), ...entries.slice(0, turn)]
      expect(trackSpread(turned), 'the same to the last bit, in any order').toEqual(trackSpread(entries))
    }
  })

  it('refuses other images, no run, and a single image', () => {
    const [three, four] = [[new Uint8Array(3)], [new Uint8Array(4)]].map(countCrossed)
    if (!three || !four) throw new RangeError('two entries')
    expect(() => compareCrossed(three, four, 0)).toThrow(/3 images where the other has 4/)
    expect(() => compareCrossed({ ...three, rightCounts: [] }, three, 0)).toThrow(BenchError)
    expect(() => compareCrossed({ ...three, images: 1 }, { ...three, images: 1 }, 0)).toThrow(BenchError)
    expect(() => accuracyInterval(three, null, 95)).toThrow(BenchError)
  })
})

describe('accuracyInterval', () => {
  it("is near Wilson's with one seed of which nothing is known", () => {
    const run = Uint8Array.from({ length: 1000 }, (_, i) => (i % 10 < 7 ? 1 : 0))
    const interval = accuracyInterval(countCrossed([run]))
    expect(interval).toMatchObject({ mean: 0.7, level: 0.95, seeds: 1, images: 1000, seedShare: 'unknown' })
    expect(interval.lower).toBeCloseTo(0.6709, 3)
    expect(interval.upper).toBeCloseTo(0.7276, 3)
  })

  it('is Student’s where images add nothing', () => {
    // Each seed is right on a share of images of its own, spread evenly: all variance is of the seeds and the rest.
    const run = (right: number) => Uint8Array.from({ length: 1000 }, (_, i) => (i % 10 < right ? 1 : 0))
    const { lower, upper, mean } = accuracyInterval(countCrossed([run(4), run(5), run(6)]))
    expect(mean).toBe(0.5)
    expect(upper - 0.5).toBeCloseTo(0.5 - lower, 12)
    // Half a width of t(2) at 0.1 / sqrt(3), drawn in a little by Wilson's form.
    expect(upper - 0.5).toBeGreaterThan(0.2)
    expect(upper - 0.5).toBeLessThan(0.25)
  })

  it('is the sum of the mean squares, with degrees of freedom that are cautious about few seeds', () => {
    const runs = draw('interval', 3, 90)
    const { ofImage, seed, rest } = layout(runs)
    const mean = ofImage.reduce((sum, value) => sum + value, 0) / 90
    const variance = ofImage.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 89 / 90
    const images = variance - rest / 3
    const counted = (seed / 3) * (1 + 1.5 / 8)
    const degreesOfFreedom = (images ** 2 + counted ** 2) / (images ** 2 / 89 + counted ** 2 / 2)
    const effective = (mean * (1 - mean)) / (images + seed / 3)
    const quantile = studentQuantile(0.975, degreesOfFreedom)
    const { lower, upper } = wilsonInterval(mean * effective, effective, { quantile })

    expect(images).toBeGreaterThan(0)
    const found = accuracyInterval(countCrossed(runs))
    expect(found.lower).toBeCloseTo(lower, 9)
    expect(found.upper).toBeCloseTo(upper, 9)
  })

  it('stays open where two runs have as many right answers by chance, on images that have nothing in common', () => {
    const [one, two] = [
      Uint8Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0)),
      Uint8Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : 0)),
    ]
    const { lower, upper } = accuracyInterval(countCrossed([one, two]))
    // At least that of 400 images, each run being worth a hundred.
    expect(upper - lower).toBeGreaterThan(0.09)
  })

  it('widens where seeds spread, and stays inside [0, 1]', () => {
    const width = (seedSpread: number) => {
      const { lower, upper } = accuracyInterval(countCrossed(draw('spread', 4, 300, { seedSpread })))
      return upper - lower
    }
    expect(width(1)).toBeGreaterThan(1.5 * width(0))
    const all = [new Uint8Array(100).fill(1), new Uint8Array(100).fill(1)]
    expect(accuracyInterval(countCrossed(all))).toMatchObject({ mean: 1, upper: 1 })
    expect(accuracyInterval(countCrossed(all)).lower).toBeLessThan(1)
  })

  it('is there for one seed with all answers right, or none, on a track whose seeds spread', () => {
    const track = { variance: 4e-4, degreesOfFreedom: 4, entries: 2 }
    const [all, none] = [1, 0].map((answer) => countCrossed([new Uint8Array(60).fill(answer)]))
    if (!all || !none) throw new Error('two runs')
    const [right, wrong] = [accuracyInterval(all, track), accuracyInterval(none, track)]
    expect(right).toMatchObject({ mean: 1, upper: 1, seedShare: 'track' })
    expect(right.lower).toBeLessThan(accuracyInterval(all).lower)
    expect(wrong.upper).toBeCloseTo(1 - right.lower, 12)
  })
})

describe('seedsToTellApart', () => {
  const needed = (a: readonly Uint8Array[], b: readonly Uint8Array[], level = 0.05) =>
    seedsToTellApart(countCrossed(a), countCrossed(b), sumOfProducts(sumOverRuns(a), sumOverRuns(b)), {
      level,
    })

  it('is zero where the difference is significant, and grows as the level falls', () => {
    const [a, b] = [
      draw('a', 3, 2000, { easier: 0.25, seedSpread: 0.15 }),
      draw('b', 3, 2000, { seedSpread: 0.15 }),
    ]
    expect(compare(a, b).pValue).toBeGreaterThan(0.001)
    const [easy = 0, hard = 0] = [0.05, 0.001].map((level) => needed(a, b, level) ?? Number.POSITIVE_INFINITY)
    expect(hard).toBeGreaterThan(easy)
    expect(needed(draw('a', 3, 500, { easier: 3 }), draw('b', 3, 500))).toBe(0)
  })

  it('is null where the images are too few, whatever the seeds', () => {
    const a = draw('a', 3, 40)
    expect(needed(a, a)).toBeNull()
  })
})
