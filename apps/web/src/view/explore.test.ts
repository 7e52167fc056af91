import type { PredictionTable } from '@mate-bench/stats'
import { describe, expect, it } from 'vitest'
import { type ExploredRun, explore } from './explore.ts'
import { exploreCurves } from './explore-curves.ts'
import { exploreQuery, parseExploreState } from './explore-state.ts'

function tableOf(
  exits: readonly { confidence: readonly number[]; labelRank: readonly number[] }[],
): PredictionTable {
  const parts = exits.map(({ confidence, labelRank }) => ({
    predicted: Int32Array.from(labelRank),
    confidence: Float32Array.from(confidence),
    labelLogProbability: new Float32Array(confidence.length),
    labelRank: Int32Array.from(labelRank),
    entropy: Float32Array.from(confidence, (value) => 1 - value),
  }))
  const [ensemble] = parts
  if (!ensemble) throw new Error('no exits')
  return { labels: new Int32Array(ensemble.confidence.length), classes: 2, exits: parts, ensemble }
}

/** Four images; exit 1 is sure and right of the first two, exit 2 right of three. */
const table = tableOf([
  { confidence: [0.9, 0.8, 0.4, 0.3], labelRank: [0, 0, 1, 1] },
  { confidence: [0.9, 0.9, 0.9, 0.9], labelRank: [0, 0, 0, 1] },
])
const run: ExploredRun = { test: table, validation: table, sequentialMacs: [100, 300] }
const budget = (macs: number) =>
  ({ mode: 'goal', rule: 'confidence', goal: { kind: 'budget', macs } }) as const

describe('explore', () => {
  it('lets out who is sure enough, and counts', () => {
    const result = explore(run, { mode: 'hand', rule: 'confidence', settings: [0.75] })
    expect(result.exitShares).toEqual([0.5, 0.5])
    expect(result.averageMacs).toBe(200)
    expect(result.accuracy).toBe(0.75)
    expect(result.loss).toBe(0)
    expect(result.accuracies).toEqual([1, 0.5])
    expect(result.validation).toBeNull()
    // Entropies are 1 - confidence here: below 0.25 are those of the first two.
    expect(explore(run, { mode: 'hand', rule: 'entropy', settings: [0.25] }).exitShares).toEqual([0.5, 0.5])
  })

  it('gives null where nobody leaves', () => {
    const result = explore(run, { mode: 'hand', rule: 'confidence', settings: [1] })
    expect(result.accuracies).toEqual([null, 0.75])
  })

  it('takes one patience for all exits', () => {
    const answers = [0, 0, 1, 0]
    const four = tableOf(answers.map((rank) => ({ confidence: [0.5], labelRank: [rank] })))
    const patient = { test: four, validation: undefined, sequentialMacs: [1, 2, 3, 4] }
    const result = explore(patient, { mode: 'hand', rule: 'patience', settings: [1] })
    expect(result.exitShares).toEqual([0, 1, 0, 0])
    expect(result.settings).toEqual([1, 1, 1])
    expect(explore(patient, { mode: 'hand', rule: 'patience', settings: [2] }).exitShares).toEqual([
      0, 0, 0, 1,
    ])
  })

  it('spends at most the budget on the split where it fits', () => {
    for (const macs of [100, 160, 200, 250, 300]) {
      const { validation, averageMacs } = explore(run, budget(macs))
      expect(validation?.averageMacs).toBeLessThanOrEqual(macs)
      // The same table on both sides: what was fitted is what comes out.
      expect(averageMacs).toBe(validation?.averageMacs)
    }
    const full = explore(run, budget(300))
    expect(full.averageMacs).toBe(300)
    expect(full.settings).toEqual([null])
  })

  it('takes the cheapest setting that has an accuracy on validation, and the last exit where none has', () => {
    const goal = (atLeast: number) =>
      ({ mode: 'goal', rule: 'confidence', goal: { kind: 'accuracy', atLeast } }) as const
    expect(explore(run, goal(0.75))).toMatchObject({ isMet: true, averageMacs: 200 })
    expect(explore(run, goal(0.5))).toMatchObject({ isMet: true, averageMacs: 100 })
    expect(explore(run, goal(0.8))).toMatchObject({ isMet: false, averageMacs: 300, settings: [null] })
    // Validation decides, whatever the test split says.
    const other = {
      ...run,
      test: tableOf(
        [table.exits[1], table.exits[1]].map((exit) => ({
          confidence: [0.3, 0.3, 0.3, 0.3],
          labelRank: Array.from(exit?.labelRank ?? []),
        })),
      ),
    }
    expect(explore(other, goal(0.75))).toMatchObject({ averageMacs: 300, validation: { averageMacs: 200 } })
  })

  it('guarantees nothing by four images', () => {
    const goal = { kind: 'loss', below: 0.05 } as const
    expect(explore(run, { mode: 'goal', rule: 'entropy', goal })).toMatchObject({ averageMacs: 300, loss: 0 })
  })

  it('gives a fitted setting the same shares when it is set by hand, by its address', () => {
    for (const rule of ['confidence', 'entropy'] as const)
      for (const macs of [100, 150, 200, 250, 300]) {
        const { settings, exitShares } = explore(run, { ...budget(macs), rule })
        const query = Object.fromEntries(new URLSearchParams(exploreQuery({ mode: 'hand', rule, settings })))
        const state = parseExploreState(query, { sequentialMacs: [100, 300], validationTop1: 0.75 })
        expect(state.mode).toBe('hand')
        expect(explore(run, state).exitShares).toEqual(exitShares)
      }
  })
})

describe('exploreCurves', () => {
  it('has means over seeds with the lowest and the highest', () => {
    const worse = tableOf([
      { confidence: [0.9, 0.8, 0.4, 0.3], labelRank: [0, 1, 1, 1] },
      { confidence: [0.9, 0.9, 0.9, 0.9], labelRank: [0, 0, 1, 1] },
    ])
    const { rules, exits, oracle } = exploreCurves([run, { ...run, test: worse, validation: worse }])
    expect(exits).toEqual([
      { macs: 100, accuracy: { mean: 0.375, lowest: 0.25, highest: 0.5 } },
      { macs: 300, accuracy: { mean: 0.625, lowest: 0.5, highest: 0.75 } },
    ])
    // The oracle sends one more image to exit 2: (3 x 100 + 300) / 4.
    expect(oracle).toEqual([
      { macs: 100, accuracy: { mean: 0.375, lowest: 0.25, highest: 0.5 } },
      { macs: 150, accuracy: { mean: 0.625, lowest: 0.5, highest: 0.75 } },
    ])
    expect(rules.map(({ rule }) => rule)).toEqual(['confidence', 'entropy', 'patience'])
    const [confidence, , patience] = rules.map(({ points }) => points)
    expect(confidence?.map(({ macs }) => macs)).toEqual([100, 150, 200, 250, 300])
    // Two exits leave patience no choice: everybody goes to the last.
    expect(patience?.map(({ macs }) => macs)).toEqual([300])
    expect(exploreCurves([{ ...run, validation: undefined }]).rules).toEqual([])
  })
})
