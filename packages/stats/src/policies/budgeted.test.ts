import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyCases, tableFrom } from '../testing/tables.ts'
import { budgetedCurve, budgetedRatios, fitBudgeted } from './budgeted.ts'
import { confidenceExits } from './confidence.ts'

const right = [true, true, true, false, true, false]
const distinct = [0.9375, 0.875, 0.75, 0.625, 0.5, 0.375]

describe('fitBudgeted', () => {
  it('takes the confidence of the last image that may leave', () => {
    // q = 1, six images, three exits: two are to leave at each. Exit 2 sees images 2 to 5 only, of which
    // the two surest are 5 and 4.
    const table = tableFrom([
      { confidence: distinct, right },
      { confidence: [1, 1, 0.5, 0.5625, 0.625, 0.75], right },
      { confidence: distinct, right },
    ])
    expect(fitBudgeted(table, 1)).toEqual([0.875, 0.625])
    expect([...confidenceExits(table, fitBudgeted(table, 1))]).toEqual([0, 0, 2, 2, 1, 1])
  })

  it('gives geometric shares', () => {
    // q = 1/2 and two exits: shares 2/3 and 1/3 of six images.
    const table = tableFrom([
      { confidence: distinct, right },
      { confidence: distinct, right },
    ])
    expect(fitBudgeted(table, 0.5)).toEqual([0.625])
    // q = 2: shares 1/3 and 2/3.
    expect(fitBudgeted(table, 2)).toEqual([0.875])
  })

  it('lets equal confidences leave together, and on the grid those that differ below 2^-16', () => {
    const nearly = 0.75 + 2 ** -20
    const exit = { confidence: [nearly, nearly, 0.75, 0.75, 0.5, 0.5], right }
    const table = tableFrom([exit, exit])
    expect(fitBudgeted(table, 2)).toEqual([nearly]) // two of six may leave, and do
    expect([...confidenceExits(table, [nearly], 'exact')]).toEqual([0, 0, 1, 1, 1, 1])
    expect(fitBudgeted(table, 1)).toEqual([0.75]) // three may, and the fourth is equal to the third
    expect(fitBudgeted(table, 2, 'grid')).toEqual([0.75])
    expect([...confidenceExits(table, [0.75], 'grid')]).toEqual([0, 0, 0, 0, 1, 1])
  })

  it('comes as near the shares as float32 allows where confidences crowd at 1', () => {
    // Every one of a thousand images has a confidence of its own within 2^-13 of 1.
    const crowded = Array.from({ length: 1000 }, (_, i) => 1 - (i + 1) * 2 ** -23)
    const images = crowded.map(() => true)
    const exit = { confidence: crowded, right: images }
    const table = tableFrom([exit, { confidence: crowded.toReversed(), right: images }, exit])
    for (const q of [0.5, 1, 1.5]) {
      const weights = [q, q ** 2, q ** 3]
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const [point] = budgetedCurve(table, table, [1, 2, 3], [q])
      const wanted = weights.slice(0, 2).map((weight) => Math.floor((1000 * weight) / total) / 1000)
      expect(point?.exitShares.slice(0, 2)).toEqual(wanted)
    }
  })

  it('never uses an exit whose share rounds down to nothing, or to more than are left', () => {
    const exit = { confidence: distinct, right }
    // q = 20: the first exit's share is 6 * 20 / 420, below one image.
    expect(fitBudgeted(tableFrom([exit, exit]), 20)).toEqual([null])
    // All images tie at exit 1, so exit 2 finds nobody for its two.
    const tied = { confidence: [1, 1, 1, 1, 1, 1], right }
    expect(fitBudgeted(tableFrom([tied, exit, exit]), 1)).toEqual([1, null])
  })

  it('refuses a ratio that is not positive', () => {
    const table = tableFrom([{ confidence: distinct, right }])
    for (const q of [0, -1, Number.NaN, Infinity]) expect(() => fitBudgeted(table, q)).toThrow(BenchError)
  })
})

describe('budgetedCurve', () => {
  it('fits on validation and measures on test', () => {
    const validation = tableFrom([
      { confidence: distinct, right },
      { confidence: distinct, right },
    ])
    const test = tableFrom([
      { confidence: [0.9, 0.3, 0.3, 0.3], right: [true, false, false, false] },
      { confidence: [0.9, 0.9, 0.9, 0.9], right: [false, true, true, false] },
    ])
    expect(budgetedCurve(validation, test, [100, 300], [1])).toEqual([
      {
        q: 1,
        thresholds: [0.75],
        validationAverageMacs: 200,
        averageMacs: 250, // one image at 100, three at 300
        accuracy: 0.75,
        exitShares: [0.25, 0.75],
      },
    ])
  })

  it('has 39 points from q = 0.05 to 1.95', () => {
    expect(budgetedRatios).toHaveLength(39)
    expect([budgetedRatios[0], budgetedRatios[19], budgetedRatios[38]]).toEqual([0.05, 1, 1.95])
  })

  it('keeps shares, costs and thresholds in their bounds, and never holds infinity', () => {
    fc.assert(
      fc.property(policyCases, ({ table, macs }) => {
        const curve = budgetedCurve(table, table, macs)
        expect(JSON.parse(JSON.stringify(curve))).toEqual(curve)
        for (const point of curve) {
          expect(point.exitShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
          expect(point.averageMacs).toBeGreaterThanOrEqual(macs[0] ?? 0)
          expect(point.averageMacs).toBeLessThanOrEqual(macs.at(-1) ?? 0)
          expect(point.averageMacs).toBe(point.validationAverageMacs)
          point.thresholds.forEach((threshold, k) => {
            if (threshold === null) expect(point.exitShares[k]).toBe(0)
            else expect(point.exitShares[k]).toBeGreaterThan(0)
          })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('does not depend on the order of the images', () => {
    fc.assert(
      fc.property(policyCases, ({ table, macs }) => {
        const reversed = {
          ...table,
          exits: table.exits.map((exit) => ({
            ...exit,
            confidence: exit.confidence.toReversed(),
            labelRank: exit.labelRank.toReversed(),
          })),
        }
        expect(budgetedCurve(reversed, reversed, macs)).toEqual(budgetedCurve(table, table, macs))
      }),
      { numRuns: 30 },
    )
  })

  it('refuses costs that do not fit the exits', () => {
    const table = tableFrom([
      { confidence: distinct, right },
      { confidence: distinct, right },
    ])
    for (const macs of [[1], [2, 1], [1, Infinity], [1, Number.NaN], [-1, 1]])
      expect(() => budgetedCurve(table, table, macs)).toThrow(BenchError)
  })
})
