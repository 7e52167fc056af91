import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { mate } from './mate.ts'
import {
  bindToy,
  expectAgreement,
  flowsInto,
  parameterValues,
  type ReferenceLoss,
  stepInput,
  type ToyCase,
  type ToyValues,
  toyContext,
  toyValues,
} from './testing/expect-agreement.ts'
import {
  at,
  attentionWeights,
  crossEntropy,
  ensembles,
  klDivergence,
  type Matrix,
  mean,
  multiply,
  sum,
} from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

type TeacherGradient = 'full' | 'weights' | 'none'

interface Settings {
  readonly temperature: number
  /** alpha times the ramp. */
  readonly weight: number
  readonly primaryWeight: number
  /** Factor on attention scores. */
  readonly scale: number
  readonly teacherGradient: TeacherGradient
  /** Weight of the exits' cross-entropy. */
  readonly labels: number
  /** Weight of the teachers' cross-entropy. */
  readonly teacherLabels: number
}

const defaults: Settings = {
  temperature: 3,
  weight: 1,
  primaryWeight: 0.5,
  scale: 1,
  teacherGradient: 'full',
  labels: 1,
  teacherLabels: 1,
}

function attention(
  features: readonly Matrix[],
  parameters: ToyValues['parameters'],
  scale: number,
): number[][][] {
  const common = features.map((feature, k) => {
    const weight = parameters[`projection${k + 1}.weight`]
    return weight ? multiply(feature, weight) : feature
  })
  // A bias is a weight of one more feature that is always 1.
  const biased = (map: 'query' | 'key') => [
    ...(parameters[`${map}.weight`] ?? []),
    ...(parameters[`${map}.bias`] ?? []),
  ]
  const withOne = common.map((feature) =>
    feature.map((row) => ('query.bias' in parameters ? [...row, 1] : row)),
  )
  return attentionWeights(withOne, biased('query'), biased('key'), scale)
}

/** design: teachers read frozen logits and features unless `full`; with `none`, KD reads teachers all frozen. */
const reference =
  (settings: Settings): ReferenceLoss =>
  (live, frozen, targets) => {
    const { temperature, weight, primaryWeight, scale, teacherGradient, labels, teacherLabels } = settings
    const inside = teacherGradient === 'full' ? live : frozen
    const teachers = ensembles(attention(inside.features, live.parameters, scale), inside.logits)
    const teachersInKd =
      teacherGradient === 'none'
        ? ensembles(attention(frozen.features, frozen.parameters, scale), frozen.logits)
        : teachers
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const teacherCe = teachers.map((t) => teacherLabels * crossEntropy(t, targets))
    const others = live.logits.length - 1
    const kd = live.logits.map((z, k) => {
      const from = teachersInKd.map((t) => temperature ** 2 * klDivergence(t, z, temperature))
      const primary = at(from, k)
      return weight * (primaryWeight * primary + ((1 - primaryWeight) / others) * (sum(from) - primary))
    })
    return {
      total: labels * sum(ce) + sum(teacherCe) + sum(kd),
      terms: {
        ...numberedTerms('ce', ce),
        ...numberedTerms('teacherCe', teacherCe),
        ...numberedTerms('kd', kd),
      },
    }
  }

const weightNetwork = ['projection1.weight', 'query.weight', 'key.weight']

describe('mate', () => {
  test('full: gradients flow through teachers into logits, features and the weight network', () => {
    const options = { name: 'mate', rampUpEpochs: 0, keyDimension: 4 }
    const gradients = expectAgreement(
      { options, widths: [3, 4, 4] },
      reference({ ...defaults, scale: 1 / 2 }),
    )
    for (const name of [...weightNetwork, 'features1', 'features2', 'features3']) {
      expect(flowsInto(gradients, name), name).toBe(true)
    }
  })

  test('weights: teachers reach the weight network and nothing else', () => {
    const options = { name: 'mate', rampUpEpochs: 0, teacherGradient: 'weights', keyDimension: 4 }
    const gradients = expectAgreement(
      { options, widths: [3, 4, 4] },
      reference({ ...defaults, scale: 1 / 2, teacherGradient: 'weights' }),
    )
    for (const name of weightNetwork) expect(flowsInto(gradients, name), name).toBe(true)
    for (const name of ['features1', 'features2', 'features3']) expect(flowsInto(gradients, name)).toBe(false)
  })

  test('none: distillation moves the exits alone, the labels alone move the weight network', () => {
    const options = { name: 'mate', rampUpEpochs: 0, teacherGradient: 'none', keyDimension: 4 }
    const toy = { options, widths: [3, 4, 4] }
    const gradients = expectAgreement(toy, reference({ ...defaults, scale: 1 / 2, teacherGradient: 'none' }))
    for (const name of ['features1', 'features2', 'features3']) expect(flowsInto(gradients, name)).toBe(false)

    // Without distillation the weight network moves just the same, the exits do not.
    const withoutKd = expectAgreement(
      { ...toy, options: { ...options, alpha: 0 } },
      reference({ ...defaults, scale: 1 / 2, teacherGradient: 'none', weight: 0 }),
    )
    for (const name of weightNetwork) expect(withoutKd[name], name).toEqual(gradients[name])
    expect(withoutKd.logits1).not.toEqual(gradients.logits1)
  })

  test('takes every option: temperature, alpha, primary weight, unscaled scores, ramp-up', () => {
    const weight = 0.6 * Math.exp(-5 * (1 - 2.5 / 10) ** 2)
    expectAgreement(
      {
        options: {
          name: 'mate',
          temperature: 2,
          alpha: 0.6,
          primaryWeight: 0.8,
          keyDimension: 3,
          scaled: false,
          rampUpEpochs: 10,
        },
        widths: [4, 4],
        epoch: 2.5,
      },
      reference({ ...defaults, temperature: 2, weight, primaryWeight: 0.8 }),
    )
  })

  test('lab-2021: biased maps, unscaled, detached inputs; distillation alone trains the weights', () => {
    const preset = mate.presets?.find(({ name }) => name === 'lab-2021')
    // The eleventh of 60 epochs: k = 5/300 of 60 is one epoch, and 0.9 x 11 / 60 of the weight has moved.
    const share = (0.9 * 11) / 60
    const toy = {
      options: { name: 'mate', ...preset?.options, keyDimension: 4 },
      widths: [3, 4, 4],
      epoch: 10.5,
      epochs: 60,
      // It adds the same to all scores of a teacher, which the softmax takes off again.
      cancelling: ['key.bias'],
    }
    const lab = { teacherGradient: 'weights', labels: 1 - share, weight: share, teacherLabels: 0 } as const
    const gradients = expectAgreement(toy, reference({ ...defaults, ...lab }))
    for (const name of [...weightNetwork, 'query.bias']) expect(flowsInto(gradients, name), name).toBe(true)
    for (const name of ['features1', 'features2', 'features3']) expect(flowsInto(gradients, name)).toBe(false)
  })

  test('shift moves weight to distillation by steps of n epochs', () => {
    const options = {
      name: 'mate',
      balance: 'shift',
      shiftEpochs: 5,
      teacherLabelWeight: 0.5,
      keyDimension: 4,
    }
    const at = (epoch: number, share: number) =>
      expectAgreement(
        { options, widths: [4, 4], epoch, epochs: 30 },
        reference({
          ...defaults,
          scale: 1 / 2,
          labels: 1 - share,
          teacherLabels: 0.5 * (1 - share),
          weight: share,
        }),
      )
    at(3.9, 0) // still the fourth epoch
    at(4, (0.9 * 5) / 30) // the fifth begins
    at(29.5, 0.9)
  })

  test('by default keys are an eighth of the feature width and the ramp takes 80/300 of the run', () => {
    const toy: ToyCase = { options: { name: 'mate' }, widths: [16, 16], epoch: 4, epochs: 30 }
    const instance = bindToy(toy)
    expect(instance.parameters.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ['query.weight', [16, 2]],
      ['key.weight', [16, 2]],
    ])
    instance.dispose()
    // R = 8: half-way at epoch 4.
    expectAgreement(toy, reference({ ...defaults, weight: Math.exp(-5 / 4), scale: 1 / Math.SQRT2 }))
  })

  test('shows the attention averaged over the batch, rows are teachers', () => {
    const toy: ToyCase = { options: { name: 'mate', keyDimension: 2 }, widths: [3, 4, 4] }
    const context = toyContext(toy)
    const instance = bindToy(toy, context)
    const values = toyValues(context, parameterValues(instance))
    const actual = tf.tidy(() => instance.attention?.(stepInput(values, context, 0).outputs).arraySync())
    instance.dispose()
    const perImage = attention(values.features, values.parameters, 1 / Math.SQRT2)
    const expected = [0, 1, 2].map((i) =>
      [0, 1, 2].map((j) => mean(perImage.map((weights) => at(at(weights, i), j)))),
    )
    expect(actual).toHaveLength(3)
    actual?.flat().forEach((value, index) => {
      expect(value).toBeCloseTo(at(expected.flat(), index), 6)
    })
  })
})
