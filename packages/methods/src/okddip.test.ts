import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
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
  mean,
  multiply,
  sum,
  weightedSum,
} from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

function peerAttention({ features, parameters }: ToyValues): number[][][] {
  const peers = features.slice(0, -1).map((feature, k) => {
    const weight = parameters[`projection${k + 1}.weight`]
    return weight ? multiply(feature, weight) : feature
  })
  return attentionWeights(peers, parameters['query.weight'] ?? [], parameters['key.weight'] ?? [], 1)
}

const reference =
  (temperature: number, weight: number): ReferenceLoss =>
  (live, _, targets) => {
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const peers = live.logits.slice(0, -1)
    const peerMean = weightedSum(
      peers,
      peers.map(() => 1 / peers.length),
    )
    const teachers = [...ensembles(peerAttention(live), peers), peerMean]
    const kd = live.logits.map(
      (z, k) => weight * temperature ** 2 * klDivergence(at(teachers, k), z, temperature),
    )
    return { total: sum(ce) + sum(kd), terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) } }
  }

describe('okddip', () => {
  test('peers learn from attention ensembles, the last exit from the peers’ mean, nothing detached', () => {
    const options = { name: 'okddip', rampUpEpochs: 0, keyDimension: 2 }
    const gradients = expectAgreement({ options, widths: [3, 4, 4, 4] }, reference(3, 1))
    for (const name of ['features1', 'projection1.weight', 'query.weight', 'key.weight']) {
      expect(flowsInto(gradients, name)).toBe(true)
    }
    expect(flowsInto(gradients, 'features4')).toBe(false)
  })

  test('fades distillation in over 80/300 of the run', () => {
    // 30 epochs: R = 8. At epoch 2: exp(-5 (1 - 2/8)^2).
    const weight = 0.7 * Math.exp(-5 * 0.75 ** 2)
    const options = { name: 'okddip', alpha: 0.7, temperature: 2 }
    expectAgreement({ options, widths: [4, 4, 4], epoch: 2, epochs: 30 }, reference(2, weight))
  })

  test('with two exits only the leader is distilled', () => {
    const options = { name: 'okddip', rampUpEpochs: 0 }
    expectAgreement({ options, widths: [4, 4] }, reference(3, 1))
  })

  test('shows who draws on whom: peers on each other, the leader evenly on the peers', () => {
    const toy: ToyCase = { options: { name: 'okddip', keyDimension: 2 }, widths: [4, 4, 4] }
    const context = toyContext(toy)
    const instance = bindToy(toy, context)
    const values = toyValues(context, parameterValues(instance))
    const actual = tf.tidy(() => instance.attention?.(stepInput(values, context, 0).outputs).arraySync())
    instance.dispose()
    const perImage = peerAttention(values)
    const between = (i: number, j: number) => mean(perImage.map((weights) => at(at(weights, i), j)))
    const expected = [
      [between(0, 0), between(0, 1), 0],
      [between(1, 0), between(1, 1), 0],
      [0.5, 0.5, 0],
    ]
    actual?.flat().forEach((value, index) => {
      expect(value).toBeCloseTo(at(expected.flat(), index), 6)
    })
    expect(actual).toHaveLength(3)
  })
})
