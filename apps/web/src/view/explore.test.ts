import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ExploredRun,
  type ExploreState,
  explore,
  exploreQuery,
  parseExploreState,
  thresholdText,
} from './explore.ts'

/** Four images; exit 1 is sure and right of the first two, exit 2 right of three. */
const exits = [
  { confidence: [0.9, 0.8, 0.4, 0.3], labelRank: [0, 0, 1, 1] },
  { confidence: [0.9, 0.9, 0.9, 0.9], labelRank: [0, 0, 0, 1] },
].map(({ confidence, labelRank }) => ({
  predicted: new Int32Array(4),
  confidence: Float32Array.from(confidence),
  labelLogProbability: new Float32Array(4),
  labelRank: Int32Array.from(labelRank),
  entropy: new Float32Array(4),
}))
const [, last] = exits
if (!last) throw new Error('two exits were made')
const table = { labels: new Int32Array(4), classes: 2, exits, ensemble: last }
const run: ExploredRun = { test: table, validation: table, sequentialMacs: [100, 300] }

describe('explore', () => {
  it('lets out who is sure enough, and counts', () => {
    const result = explore(run, { mode: 'thresholds', thresholds: [0.75] })
    expect(result.exitShares).toEqual([0.5, 0.5])
    expect(result.averageMacs).toBe(200)
    expect(result.accuracy).toBe(0.75)
    expect(result.accuracies).toEqual([1, 0.5])
    expect(result.validation).toBeNull()
  })

  it('spends at most the budget on the split where it fits', () => {
    for (const budgetMacs of [100, 160, 200, 250, 300]) {
      const { validation, averageMacs } = explore(run, { mode: 'budget', budgetMacs })
      expect(validation?.averageMacs).toBeLessThanOrEqual(budgetMacs)
      // The same table on both sides: what was fitted is what comes out.
      expect(averageMacs).toBe(validation?.averageMacs)
    }
    const full = explore(run, { mode: 'budget', budgetMacs: 300 })
    expect(full.averageMacs).toBe(300)
    expect(full.thresholds).toEqual([null])
  })

  it('gives null where nobody leaves', () => {
    expect(explore(run, { mode: 'thresholds', thresholds: [1] }).accuracies).toEqual([null, 0.75])
  })
})

describe('the address of a setting', () => {
  const reread = (state: ExploreState) =>
    parseExploreState(Object.fromEntries(new URLSearchParams(exploreQuery(state))), run)

  it('is read back', () => {
    for (const state of [
      { mode: 'budget', budgetMacs: 150 },
      { mode: 'thresholds', thresholds: [0.125] },
      { mode: 'thresholds', thresholds: [null] },
    ] as const) {
      expect(reread(state)).toEqual(state)
    }
    expect(exploreQuery({ mode: 'thresholds', thresholds: [null] })).toBe('?t=never')
  })

  it('gives the same threshold on the grid of the policies, and shows it alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_536 }), (step) => {
        const thresholds = [step / 65_536]
        const read = reread({ mode: 'thresholds', thresholds })
        const found = read.mode === 'thresholds' ? read.thresholds : []
        expect(found.map((value) => value !== null && Math.round(value * 65_536))).toEqual([step])
        expect(found.map(thresholdText)).toEqual(thresholds.map(thresholdText))
      }),
    )
  })

  it('changes no share of a fitted setting', () => {
    for (const budgetMacs of [100, 150, 200, 250, 300]) {
      const { thresholds, exitShares } = explore(run, { mode: 'budget', budgetMacs })
      expect(explore(run, reread({ mode: 'thresholds', thresholds })).exitShares).toEqual(exitShares)
    }
  })

  it('is held within what there is, and ignored where it makes no sense', () => {
    const middle = { mode: 'budget', budgetMacs: 200 }
    expect(parseExploreState({}, run)).toEqual(middle)
    expect(parseExploreState({ t: '0.5,0.5' }, run)).toEqual(middle)
    expect(parseExploreState({ t: '7' }, run)).toEqual(middle)
    expect(parseExploreState({ t: '' }, run)).toEqual(middle)
    expect(parseExploreState({ t: 'x,0.5' }, run)).toEqual(middle)
    expect(parseExploreState({ budget: 'x' }, run)).toEqual(middle)
    expect(parseExploreState({ budget: '9e9' }, run)).toEqual({ mode: 'budget', budgetMacs: 300 })
    expect(parseExploreState({}, { ...run, validation: undefined }).mode).toBe('thresholds')
  })
})
