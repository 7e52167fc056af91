import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { policyCases, tableFrom } from '../testing/tables.ts'
import { exitRules, settingLadder } from './exit-rules.ts'
import { fitRule } from './fit-rule.ts'
import { controlLoss, riskControlledPoints, showsLossBelow } from './risk-control.ts'
import { summariseRiskControl } from './risk-control-summary.ts'

describe('showsLossBelow', () => {
  const zeros = (count: number) => Array<number>(count).fill(0)

  it('multiplies the money by 1 - stake x (loss - bound) until it is 20', () => {
    // So few losses stake all of the money: 1.5^8 = 25.6 is beyond 1 / 0.05, 1.5^7 = 17.1 is not.
    expect(showsLossBelow(zeros(8), 0.5)).toBe(true)
    expect(showsLossBelow(zeros(7), 0.5)).toBe(false)
    // A loss of 1 halves it first: 0.5 x 1.5^9 = 19.2 and 0.5 x 1.5^10 = 28.8.
    expect(showsLossBelow([1, ...zeros(9)], 0.5)).toBe(false)
    expect(showsLossBelow([1, ...zeros(10)], 0.5)).toBe(true)
    // A gain multiplies it by 2.5: 2.5 x 1.5^5 = 19.0 and 2.5 x 1.5^6 = 28.5.
    expect(showsLossBelow([-1, ...zeros(5)], 0.5)).toBe(false)
    expect(showsLossBelow([-1, ...zeros(6)], 0.5)).toBe(true)
    // 1.5^6 = 11.4 is beyond 1 / 0.1.
    expect(showsLossBelow(zeros(6), 0.5, 0.1)).toBe(true)
  })

  it('stakes less where losses vary', () => {
    // 40 losses, the first of them 1: the variance before the second is (1/4 + 1/16) / 2 = 0.15625, so the stake is
    // sqrt(2 ln 20 / 40 / 0.15625) = 0.979, and before the first sqrt(2 ln 20 / 40 / 0.25) = 0.774.
    const first = 1 - Math.sqrt((2 * Math.log(20)) / 40 / 0.25) * (1 - 0.5)
    const second = 1 - Math.sqrt((2 * Math.log(20)) / 40 / 0.15625) * (1 - 0.5)
    expect([first, second].map((factor) => factor.toFixed(3))).toEqual(['0.613', '0.510'])
    // What is left, 0.313, grows beyond 20 by the other 38 zeros; losses above the bound only take away.
    expect(showsLossBelow([1, 1, ...zeros(38)], 0.5)).toBe(true)
    expect(showsLossBelow([...Array<number>(39).fill(1), 0], 0.5)).toBe(false)
  })

  it('says the more the higher the bound', () => {
    const losses = fc.array(fc.constantFrom(-1, 0, 0, 0, 0, 1), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(losses, fc.integer({ min: 1, max: 98 }), (drawn, percent) => {
        if (showsLossBelow(drawn, percent / 100))
          expect(showsLossBelow(drawn, (percent + 1) / 100)).toBe(true)
      }),
    )
  })
})

describe('controlLoss', () => {
  const many = <T>(count: number, value: T) => Array<T>(count).fill(value)

  it('stops at the first setting whose losses do not show it', () => {
    // 300 images, of which exit 1 is sure at 0.9 of 200 that it gets right, and at 0.6 of 100 that it gets wrong.
    const exit = {
      confidence: [...many(200, 0.9), ...many(100, 0.6)],
      right: [...many(200, true), ...many(100, false)],
    }
    const last = { confidence: many(300, 1), right: many(300, true) }
    const found = controlLoss(tableFrom([exit, last]), 'confidence', [100, 300], 0.05)
    // The 200 leave, the 100 do not; the ladder stands at the last rung above 0.6.
    expect(found.validation).toEqual({
      accuracy: 1,
      averageMacs: (200 * 100 + 100 * 300) / 300,
      exitShares: [2 / 3, 1 / 3],
    })
    expect(found.validationLoss).toBe(0)
    expect(found.setting).toBe(1 - 0.3984375)
    // A third is lost where all leave: half is not too much.
    expect(controlLoss(tableFrom([exit, last]), 'confidence', [100, 300], 0.5)).toMatchObject({
      ...{ setting: 0, validationLoss: 1 / 3 },
      validation: { averageMacs: 100 },
    })
  })

  it('lets nobody leave where there are too few images to show anything', () => {
    const exit = { confidence: many(50, 0.9), right: many(50, true) }
    const found = controlLoss(tableFrom([exit, exit]), 'confidence', [1, 2], 0.01)
    expect(found).toEqual({
      setting: null,
      validationLoss: 0,
      validation: { accuracy: 1, averageMacs: 2, exitShares: [0, 1] },
    })
  })

  it('counts images that the last exit alone gets wrong as gains', () => {
    const exit = { confidence: many(100, 0.9), right: many(100, true) }
    const last = { confidence: many(100, 0.9), right: [...many(60, true), ...many(40, false)] }
    const found = controlLoss(tableFrom([exit, last]), 'entropy', [1, 2], 0.1)
    expect(found).toMatchObject({ validationLoss: -0.4, validation: { averageMacs: 1 } })
  })

  it('takes settings of the ladder, and none for what is no share', () => {
    fc.assert(
      fc.property(policyCases, fc.constantFrom(...exitRules), ({ table, macs }, rule) => {
        const { setting, validationLoss } = controlLoss(table, rule, macs, 0.3)
        if (setting !== null) expect(settingLadder(table, rule)).toContain(setting)
        expect(validationLoss).toBeLessThan(setting === null ? 1e-9 : 0.3)
      }),
      { numRuns: 40 },
    )
    const table = tableFrom([{ confidence: [1], right: [true] }])
    for (const bound of [0, 1, -0.1, Number.NaN])
      expect(() => controlLoss(table, 'confidence', [1], bound)).toThrow(BenchError)
  })
})

/**
 * Networks of two exits. The first exit's confidence c is uniform, the last exit is right of 90 %; `gap(c)` of the images
 * of confidence c are right at the last exit alone.
 */
describe('the guarantee', () => {
  const repetitions = 400
  const images = 300
  const bound = 0.1

  function draw(gap: (c: number) => number, repetition: number) {
    const random = createRandom(7, 'risk-control-simulation', repetition)
    const confidence = Array.from({ length: images }, () => random.uniform())
    const late = confidence.map(() => random.uniform() < 0.9)
    const early = confidence.map((c, i) => late[i] === true && random.uniform() >= gap(c) / 0.9)
    return tableFrom([
      { confidence, right: early },
      { confidence, right: late },
    ])
  }

  /** Shares of repetitions in which the true loss of the chosen threshold is above the bound. */
  function violations(gap: (c: number) => number, trueLoss: (threshold: number) => number) {
    let [controlled, fitted, saved] = [0, 0, 0]
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const table = draw(gap, repetition)
      const { setting, validation } = controlLoss(table, 'confidence', [0, 1], bound)
      if (trueLoss(setting ?? 1) > bound) controlled++
      saved += 1 - validation.averageMacs
      // Without the guarantee: the cheapest threshold that loses no more on the validation split.
      const last = table.exits[1]?.labelRank.filter((rank) => rank === 0).length ?? 0
      const naive = fitRule(table, 'confidence', [0, 1]).toAccuracy(last / images - bound)
      if (trueLoss(naive?.setting ?? 1) > bound) fitted++
    }
    return { controlled: controlled / repetitions, fitted: fitted / repetitions, saved: saved / repetitions }
  }

  // 5 % and three standard errors of 400 repetitions.
  const most = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / repetitions)

  it('fails in at most 5 % where the loss grows with eagerness', () => {
    // Loss at threshold t: the integral of 0.9 (1 - c) from t to 1 is 0.45 (1 - t)^2.
    const found = violations(
      (c) => 0.9 * (1 - c),
      (t) => 0.45 * (1 - t) ** 2,
    )
    expect(found.controlled).toBeLessThanOrEqual(most)
    expect(found.fitted).toBeGreaterThan(0.3)
    expect(found.saved).toBeGreaterThan(0.25)
  })

  it('fails in at most 5 % where the surest images lose most', () => {
    // Of confidences above 0.8, 60 % are lost: the loss is 0.6 (1 - t) down to t = 0.8, and 0.12 from there on.
    const found = violations(
      (c) => (c > 0.8 ? 0.6 : 0),
      (t) => 0.6 * (1 - Math.max(t, 0.8)),
    )
    expect(found.controlled).toBeLessThanOrEqual(most)
    expect(found.saved).toBeGreaterThan(0.02)
  })
})

describe('riskControlledPoints', () => {
  it('has every rule at every bound, found on validation and measured on test', () => {
    const count = 400
    const confidence = Array.from({ length: count }, (_, i) => (i + 1) / count)
    const validation = tableFrom([
      { confidence, right: confidence.map((c) => c > 0.5) },
      { confidence, right: confidence.map(() => true) },
    ])
    const test = tableFrom([
      { confidence: [0.9, 0.9, 0.1, 0.1], right: [true, false, false, false] },
      { confidence: [0.9, 0.9, 0.9, 0.9], right: [true, true, true, true] },
    ])
    const points = riskControlledPoints(validation, test, [100, 200], [0.01, 0.1])
    expect(points.map(({ rule, lossBound }) => [rule, lossBound])).toEqual(
      exitRules.flatMap((rule) => [0.01, 0.1].map((lossBound) => [rule, lossBound])),
    )
    // The first two leave by confidence and by entropy; two exits leave patience no choice.
    expect(points.map(({ loss, averageMacs }) => [loss, averageMacs])).toEqual([
      ...[
        [0.25, 150],
        [0.25, 150],
        [0.25, 150],
        [0.25, 150],
      ],
      ...[
        [0, 200],
        [0, 200],
      ],
    ])
    for (const point of points) expect(point.validationLoss).toBeLessThan(point.lossBound)
    expect(JSON.parse(JSON.stringify(points))).toEqual(points)
  })
})

describe('summariseRiskControl', () => {
  it('has means over runs, and the setting of each', () => {
    const rule = 'confidence' as const
    const point = {
      rule,
      lossBound: 0.01,
      validationLoss: 0,
      validationAverageMacs: 1,
      exitShares: [0.5, 0.5],
    }
    const one = { ...point, setting: 0.75, loss: 0.02, accuracy: 0.5, averageMacs: 100 }
    const two = { ...point, setting: null, loss: 0, accuracy: 0.75, averageMacs: 300 }
    const other = { ...one, lossBound: 0.05 }
    expect(summariseRiskControl([[one, other], [two]])).toEqual([
      {
        ...{ rule: 'confidence', lossBound: 0.01, settings: [0.75, null] },
        ...{ loss: { mean: 0.01, lowest: 0, highest: 0.02 }, accuracy: 0.625, averageMacs: 200 },
      },
    ])
    expect(summariseRiskControl([])).toEqual([])
  })
})
