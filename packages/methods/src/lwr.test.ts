import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import {
  bindToy,
  expectAgreement,
  stepInput,
  type ToyCase,
  toyContext,
  toyNeeds,
  toyValues,
} from './testing/expect-agreement.ts'
import { at, crossEntropy, klDivergence, type Matrix, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const classes = 5
const partOf = (memory: Matrix = [], k: number): Matrix =>
  memory.map((row) => row.slice(k * classes, (k + 1) * classes))

describe('lwr', () => {
  // Epochs counted from 0; 5 is the sixth.
  test.each([
    [4.5, null, 0],
    [5, null, (0.9 * 5) / 20],
    [8.9, null, (0.9 * 5) / 20],
    [9, null, (0.9 * 10) / 20],
    [19, null, 0.9],
    [19, 24, (0.9 * 20) / 24],
    [19, 3, 0.9],
  ])('at epoch %f of 20, over %j, what is remembered weighs %f', (epoch, scheduleEpochs, weight) => {
    const toy = { options: { name: 'lwr', scheduleEpochs }, widths: [4, 4], epoch, epochs: 20 }
    expectAgreement(toy, (live, frozen, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((z, k) => weight * 25 * klDivergence(partOf(frozen.memory, k), z, 5))
      return {
        total: (1 - weight) * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test('remembers the logits of every exit in the last epoch of a block, and in no other', () => {
    const toy: ToyCase = { options: { name: 'lwr', interval: 3 }, widths: [4, 4] }
    const context = toyContext(toy)
    const values = toyValues(context, {}, toyNeeds(toy))
    const instance = bindToy(toy, context)
    const remembered = (epoch: number) =>
      tf.tidy(() => instance.loss(stepInput(values, context, epoch)).remembered?.arraySync())
    expect([0, 1.9, 3, 4].map(remembered)).toEqual(Array(4).fill(undefined))
    const expected = at(values.logits, 0).map((row, b) => [...row, ...at(at(values.logits, 1), b)])
    expect(remembered(2)).toEqual(expected)
    expect(remembered(5.5)).toEqual(expected)
  })
})
