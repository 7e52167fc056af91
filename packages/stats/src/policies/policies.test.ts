import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyCases, tableFrom } from '../testing/tables.ts'
import { confidenceExits } from './confidence.ts'
import { entropyExits } from './entropy.ts'
import { eachStay, exitRules, ruleExits, settingLadder, settingsOf } from './exit-rules.ts'
import { fitRule, ruleCurve } from './fit-rule.ts'
import { oracleCurve } from './oracle.ts'
import { outcomeOf } from './outcome.ts'
import { patienceExits } from './patience.ts'
import { sweepRule } from './sweep.ts'

const right = [true, true, false, false]
const table = tableFrom([
  { confidence: [0.9, 0.7, 0.5, 0.3], right: [true, false, false, false], entropy: [0.1, 0.4, 0.7, 1.2] },
  { confidence: [0.9, 0.9, 0.6, 0.3], right, entropy: [0.1, 0.2, 0.6, 1.2] },
  { confidence: [0.9, 0.9, 0.9, 0.3], right: [false, true, true, false], entropy: [0.1, 0.1, 0.1, 1.2] },
])
const macs = [100, 200, 400]

describe('max-softmax policy', () => {
  it('lets an image leave at the first exit that reaches its threshold', () => {
    expect([...confidenceExits(table, [0.7, 0.6].map(Math.fround))]).toEqual([0, 0, 1, 2])
    expect([...confidenceExits(table, [null, Math.fround(0.6)])]).toEqual([1, 1, 1, 2])
    expect(outcomeOf(table, ruleExits(table, 'confidence', Math.fround(0.9)), macs)).toEqual({
      accuracy: 0.75, // image 0 right at exit 1, image 1 at exit 2, image 2 at exit 3
      averageMacs: (100 + 200 + 400 + 400) / 4,
      exitShares: [0.25, 0.25, 0.5],
    })
  })

  it('fits the highest threshold that a budget allows', () => {
    const fit = fitRule(table, 'confidence', macs)
    // Costs at 0.9 (100 + 200 + 400 + 400) / 4 = 275, at 0.7 (100 + 100 + 400 + 400) / 4 = 250.
    expect(fit.toBudget(260)).toMatchObject({ setting: Math.fround(0.7), validation: { averageMacs: 250 } })
    expect(fit.toBudget(400)).toMatchObject({ setting: null, validation: { exitShares: [0, 0, 1] } })
    expect(fit.toBudget(99)).toBeNull()
  })

  it('fits the cheapest threshold that has an accuracy', () => {
    const fit = fitRule(table, 'confidence', macs)
    // Three of four are right at 0.9 (275 MACs); at 0.7 image 1 is lost (two of four, 250 MACs), at 0.3 all but image 0.
    expect(fit.toAccuracy(0.75)).toMatchObject({
      setting: Math.fround(0.9),
      validation: { averageMacs: 275 },
    })
    expect(fit.toAccuracy(0.5)).toMatchObject({ setting: Math.fround(0.7), validation: { averageMacs: 250 } })
    expect(fit.toAccuracy(0.25)).toMatchObject({ validation: { averageMacs: 100 } })
    expect(fit.toAccuracy(0.76)).toBeNull()
  })
})

describe('entropy policy', () => {
  it('needs the entropy strictly below the threshold', () => {
    expect([...entropyExits(table, [0.4, 0.6].map(Math.fround))]).toEqual([0, 1, 2, 2])
    expect([...entropyExits(table, [null, Math.fround(0.7)])]).toEqual([1, 1, 1, 2])
    expect(outcomeOf(table, ruleExits(table, 'entropy', 0.5), macs)).toEqual({
      accuracy: 0.5, // images 0 right, 1 wrong at exit 1; 2 right, 3 wrong at exit 3
      averageMacs: (100 + 100 + 400 + 400) / 4,
      exitShares: [0.5, 0, 0.5],
    })
  })

  it('fits the lowest threshold that a budget allows', () => {
    const fit = fitRule(table, 'entropy', macs)
    const fitted = fit.toBudget(260)
    expect(fitted?.validation.averageMacs).toBe(250)
    // Just above the entropy of the image that is to leave.
    expect(fitted?.setting).toBeGreaterThan(Math.fround(0.4))
    expect(fitted?.setting).toBeLessThan(0.4000001)
    expect(fit.toBudget(400)?.setting).toBeNull()
    expect(fit.toBudget(100)?.validation.exitShares).toEqual([1, 0, 0])
    expect(fit.toBudget(99)).toBeNull()
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
    expect(outcomeOf(five, ruleExits(five, 'patience', 2), costs)).toEqual({
      accuracy: 1,
      averageMacs: 4,
      exitShares: [0, 0, 1 / 3, 1 / 3, 1 / 3],
    })
    const fit = fitRule(five, 'patience', costs)
    expect(fit.toBudget(4)?.setting).toBe(2)
    expect(fit.toBudget(3.5)?.setting).toBe(1) // costs (2 + 3 + 5) / 3
    expect(fit.toBudget(3)).toBeNull()
    expect(fit.toAccuracy(1)?.setting).toBe(1)
    expect(() => patienceExits(five, 0)).toThrow(BenchError)
    expect(() => patienceExits(five, 1.5)).toThrow(BenchError)
  })
})

describe('oracle', () => {
  it('sends images to the first exit that is right, in the order of its price', () => {
    expect(oracleCurve(table, macs)).toEqual([
      { accuracy: 0.25, averageMacs: 100, exitShares: [1, 0, 0] },
      { accuracy: 0.5, averageMacs: (100 + 200 + 100 + 100) / 4, exitShares: [0.75, 0.25, 0] },
      { accuracy: 0.75, averageMacs: (100 + 200 + 400 + 100) / 4, exitShares: [0.5, 0.25, 0.25] },
    ])
  })

  it('is above every way to send images to exits', () => {
    const few = fc
      .tuple(policyCases, fc.array(fc.nat(4), { minLength: 40, maxLength: 40 }))
      .filter(([{ table: random }]) => random.exits.length > 1)
    fc.assert(
      fc.property(few, ([{ table: random, macs: costs }, wishes]) => {
        const anyhow = Uint8Array.from(random.labels, (_, i) => (wishes[i] ?? 0) % random.exits.length)
        const { accuracy, averageMacs } = outcomeOf(random, anyhow, costs)
        const curve = oracleCurve(random, costs)
        const after = curve.findIndex((corner) => corner.averageMacs > averageMacs)
        const [lower, upper] = after < 0 ? [curve.at(-1), curve.at(-1)] : [curve[after - 1], curve[after]]
        if (!lower || !upper) throw new Error('a cost below the first exit')
        const width = upper.averageMacs - lower.averageMacs
        const share = width > 0 ? (averageMacs - lower.averageMacs) / width : 0
        const bound = lower.accuracy + share * (upper.accuracy - lower.accuracy)
        expect(accuracy).toBeLessThanOrEqual(bound + 1e-9)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the settings of a rule', () => {
  it('are 1 - u and u in even steps of an octave, down to 2^-20, and end where everybody leaves', () => {
    const confidences = settingLadder(table, 'confidence')
    expect(confidences).toHaveLength(641)
    expect(confidences.slice(0, 2)).toEqual([1 - 2 ** -20, 1 - (33 / 32) * 2 ** -20])
    expect(confidences.slice(-2)).toEqual([1 - 63 / 64, 0])
    const entropies = settingLadder(table, 'entropy')
    expect(entropies[0]).toBe(2 ** -20)
    expect(entropies.at(-2)).toBeLessThanOrEqual(Math.log(4))
    expect(entropies.at(-1)).toBeGreaterThan(Math.fround(Math.log(4)))
    expect(settingLadder(table, 'patience')).toEqual([1])
    expect(settingLadder({ classes: 4, exits: [] }, 'confidence')).toEqual([])
  })

  it('let go whom the setting before let go', () => {
    fc.assert(
      fc.property(policyCases, fc.constantFrom(...exitRules), ({ table: random }, rule) => {
        for (const settings of [
          settingLadder(random, rule).filter((_, i) => i % 40 === 0),
          settingsOf(random, rule),
        ]) {
          const stays = settings.map(() => new Uint8Array(random.labels.length))
          eachStay(random, rule, settings, (image, exit, from, until) => {
            for (const exits of stays.slice(from, until)) exits[image] = exit
          })
          expect(stays).toEqual(settings.map((setting) => ruleExits(random, rule, setting)))
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('every rule', () => {
  it('gives, all settings at once, what each gives alone', () => {
    fc.assert(
      fc.property(policyCases, fc.constantFrom(...exitRules), ({ table: random, macs: costs }, rule) => {
        const settings = settingsOf(random, rule)
        const sweep = sweepRule(random, rule, settings, costs)
        const alone = [null, ...settings].map((s) => outcomeOf(random, ruleExits(random, rule, s), costs))
        expect(alone.map((_, step) => sweep.outcome(step))).toEqual(alone)
        expect(sweep.steps).toBe(alone.length)
      }),
      { numRuns: 60 },
    )
  })

  it('meets its budget or target on the split it was fitted on, and no setting does it better', () => {
    fc.assert(
      fc.property(policyCases, fc.constantFrom(...exitRules), ({ table: random, macs: costs }, rule) => {
        const fit = fitRule(random, rule, costs)
        const all = [null, ...settingsOf(random, rule)].map((s) =>
          outcomeOf(random, ruleExits(random, rule, s), costs),
        )
        for (const share of [0, 0.3, 0.6, 1]) {
          const budget = (1 - share) * (costs[0] ?? 0) + share * (costs.at(-1) ?? 0)
          const affordable = all.filter(({ averageMacs }) => averageMacs <= budget)
          expect(fit.toBudget(budget)?.validation.averageMacs).toBe(
            affordable.length > 0 ? Math.max(...affordable.map(({ averageMacs }) => averageMacs)) : undefined,
          )
          const good = all.filter(({ accuracy }) => accuracy >= share)
          expect(fit.toAccuracy(share)?.validation.averageMacs).toBe(
            good.length > 0 ? Math.min(...good.map(({ averageMacs }) => averageMacs)) : undefined,
          )
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is fitted on validation and measured on test', () => {
    const shifted = tableFrom([
      { confidence: [0.9, 0.9, 0.9, 0.3], right },
      { confidence: [0.9, 0.9, 0.9, 0.3], right },
      { confidence: [0.9, 0.9, 0.9, 0.3], right },
    ])
    const [fitted, ...others] = ruleCurve(table, shifted, 'confidence', macs, [260, 99])
    expect(fitted?.exitShares).toEqual([0.75, 0, 0.25]) // at 0.7
    expect(others).toEqual([null])
  })

  it('wants one threshold for each exit but the last', () => {
    expect(() => confidenceExits(table, [0.5])).toThrow(/one for each exit but the last/)
    expect(() => entropyExits(table, [0.5, 0.5, 0.5])).toThrow(/one for each exit but the last/)
  })
})
