import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyCases, tableFrom } from '../testing/tables.ts'
import { applyConfidence, confidenceExits, fitConfidence } from './confidence.ts'
import { policyCurve } from './curve.ts'
import { applyEntropy, entropyExits, fitEntropy } from './entropy.ts'
import { oracle } from './oracle.ts'
import { applyPatience, fitPatience, patienceExits } from './patience.ts'

const right = [true, true, false, false]
const table = tableFrom([
  { confidence: [0.9, 0.7, 0.5, 0.3], right: [true, false, false, false], entropy: [0.1, 0.4, 0.7, 1.2] },
  { confidence: [0.9, 0.9, 0.6, 0.3], right, entropy: [0.1, 0.2, 0.6, 1.2] },
  { confidence: [0.9, 0.9, 0.9, 0.3], right: [false, true, true, false], entropy: [0.1, 0.1, 0.1, 1.2] },
])
const macs = [100, 200, 400]

describe('max-softmax policy', () => {
  it('lets an image leave at the first exit that reaches its threshold', () => {
    expect([...confidenceExits(table, [0.7, 0.6])]).toEqual([0, 0, 1, 2])
    expect([...confidenceExits(table, [null, 0.6])]).toEqual([1, 1, 1, 2])
    expect(applyConfidence(table, [0.9, 0.9], macs)).toEqual({
      accuracy: 0.75, // image 0 right at exit 1, image 1 at exit 2, image 2 at exit 3
      averageMacs: (100 + 200 + 400 + 400) / 4,
      exitShares: [0.25, 0.25, 0.5],
    })
  })

  it('fits the highest threshold that a budget allows', () => {
    // Costs at thresholds just above 0.7 (100 + 200 + 400 + 400) / 4 = 275, at 0.7 (100 + 100 + 400 + 400) / 4.
    const fitted = fitConfidence(table, macs, 260)
    expect(fitted?.setting).toBeCloseTo(0.7, 4)
    expect(fitted?.validation.averageMacs).toBe(250)
    expect(fitConfidence(table, macs, 400)?.validation.exitShares).toEqual([0, 0, 1])
    expect(fitConfidence(table, macs, 99)).toBeNull()
  })
})

describe('entropy policy', () => {
  it('needs the entropy strictly below the threshold', () => {
    expect([...entropyExits(table, [0.4, 0.6])]).toEqual([0, 1, 2, 2])
    expect([...entropyExits(table, [null, 0.7])]).toEqual([1, 1, 1, 2])
    expect(applyEntropy(table, 0.5, macs)).toEqual({
      accuracy: 0.5, // images 0 right, 1 wrong at exit 1; 2 right, 3 wrong at exit 3
      averageMacs: (100 + 100 + 400 + 400) / 4,
      exitShares: [0.5, 0, 0.5],
    })
  })

  it('fits the lowest threshold that a budget allows', () => {
    const fitted = fitEntropy(table, macs, 260)
    expect(fitted?.validation.averageMacs).toBe(250)
    expect(fitted?.setting).toBeCloseTo(0.4, 4)
    expect(fitEntropy(table, macs, 400)?.setting).toBe(0)
    expect(fitEntropy(table, macs, 100)?.validation.exitShares).toEqual([1, 0, 0])
    expect(fitEntropy(table, macs, 99)).toBeNull()
  })
})

describe('patience policy', () => {
  const answers = (rows: number[][]) =>
    tableFrom(
      rows.map((predicted) => ({
        predicted,
        confidence: predicted.map(() => 0.5),
        right: predicted.map((c) => c === 0),
      })),
    )
  // Images by column: steady; changing once; always changing.
  const five = answers([
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
    [0, 0, 1],
    [0, 0, 0],
  ])

  it('counts exits that keep the previous answer', () => {
    expect([...patienceExits(five, 1)]).toEqual([1, 2, 4])
    expect([...patienceExits(five, 2)]).toEqual([2, 3, 4])
    expect([...patienceExits(five, 3)]).toEqual([3, 4, 4])
    expect([...patienceExits(five, 5)]).toEqual([4, 4, 4])
  })

  it('measures and fits', () => {
    const costs = [1, 2, 3, 4, 5]
    expect(applyPatience(five, 2, costs)).toEqual({
      accuracy: 1,
      averageMacs: 4,
      exitShares: [0, 0, 1 / 3, 1 / 3, 1 / 3],
    })
    expect(fitPatience(five, costs, 4)?.setting).toBe(2)
    expect(fitPatience(five, costs, 3.5)?.setting).toBe(1) // costs (2 + 3 + 5) / 3
    expect(fitPatience(five, costs, 3)).toBeNull()
    expect(() => patienceExits(five, 0)).toThrow(BenchError)
    expect(() => patienceExits(five, 1.5)).toThrow(BenchError)
  })
})

describe('oracle', () => {
  it('leaves at the first exit that is right, else at the first', () => {
    expect(oracle(table, macs)).toEqual({
      accuracy: 0.75,
      averageMacs: (100 + 200 + 400 + 100) / 4,
      exitShares: [0.5, 0.25, 0.25],
    })
  })
})

describe('every policy', () => {
  const policies = ['max-softmax', 'entropy', 'patience'] as const

  it('stays within its budget on the split it was fitted on, and below the oracle', () => {
    fc.assert(
      fc.property(policyCases, fc.constantFrom(...policies), ({ table: random, macs: costs }, policy) => {
        const low = costs[0] ?? 0
        const high = costs.at(-1) ?? 0
        const budgets = [low, (low + high) / 2, high]
        const points = policyCurve(policy, random, random, costs, budgets)
        expect(points.at(-1)?.budgetMacs).toBe(high)
        for (const point of points) {
          expect(point.averageMacs).toBeLessThanOrEqual(point.budgetMacs)
          expect(point.averageMacs).toBeGreaterThanOrEqual(low)
          expect(point.accuracy).toBeLessThanOrEqual(oracle(random, costs).accuracy)
          expect(point.exitShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('costs more the more it asks for', () => {
    fc.assert(
      fc.property(
        policyCases,
        fc.tuple(fc.nat(12), fc.nat(12)).map(([a, b]) => [Math.min(a, b) / 12, Math.max(a, b) / 12] as const),
        ({ table: random, macs: costs }, [low, high]) => {
          const confidence = (threshold: number) => applyConfidence(random, threshold, costs).averageMacs
          const entropy = (threshold: number) => applyEntropy(random, threshold, costs).averageMacs
          expect(confidence(low)).toBeLessThanOrEqual(confidence(high))
          expect(entropy(high)).toBeLessThanOrEqual(entropy(low))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('sends all images to the last exit where no exit may be used', () => {
    fc.assert(
      fc.property(policyCases, ({ table: random, macs: costs }) => {
        const never = random.exits.slice(1).map(() => null)
        const last = random.exits.map((_, k) => (k === random.exits.length - 1 ? 1 : 0))
        expect(applyConfidence(random, never, costs).exitShares).toEqual(last)
        expect(applyEntropy(random, never, costs).exitShares).toEqual(last)
      }),
      { numRuns: 30 },
    )
  })

  it('wants one threshold for each exit but the last', () => {
    expect(() => applyConfidence(table, [0.5], macs)).toThrow(/one for each exit but the last/)
    expect(() => applyEntropy(table, [0.5, 0.5, 0.5], macs)).toThrow(/one for each exit but the last/)
  })
})
