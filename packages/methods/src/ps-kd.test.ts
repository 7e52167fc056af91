import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import {
  bindToy,
  expectAgreement,
  numberOf,
  stepInput,
  type ToyCase,
  toyContext,
  toyNeeds,
  toyValues,
} from './testing/expect-agreement.ts'
import { at, crossEntropy, type Matrix, softmax, sum, weightedSum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const classes = 5

/** What exit k remembers of each image. */
const partOf = (memory: Matrix = [], k: number): Matrix =>
  memory.map((row) => row.slice(k * classes, (k + 1) * classes))

describe('ps-kd', () => {
  test.each([
    [0, 0],
    [1.5, (0.8 * 2) / 10],
    [9.9, 0.8],
  ])('at epoch %f of 10 the last epoch’s predictions weigh %f in the targets', (epoch, weight) => {
    const toy = { options: { name: 'ps-kd' }, widths: [4, 4], epoch, epochs: 10 }
    expectAgreement(toy, (live, frozen, targets) => {
      const soft = live.logits.map((z, k) =>
        crossEntropy(z, weightedSum([targets, partOf(frozen.memory, k)], [1 - weight, weight])),
      )
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      return { total: sum(soft), terms: { ...numberedTerms('ce', ce), ...numberedTerms('soft', soft) } }
    })
  })

  test('remembers the softmax of every exit, exit by exit', () => {
    const toy: ToyCase = { options: { name: 'ps-kd' }, widths: [4, 4, 4] }
    const context = toyContext(toy)
    const values = toyValues(context, {}, toyNeeds(toy))
    const instance = bindToy(toy, context)
    const found = tf.tidy(() => instance.loss(stepInput(values, context, 0)).remembered?.arraySync())
    found?.forEach((row, b) => {
      const expected = values.logits.flatMap((z) => softmax(at(z, b)))
      expect(row).toHaveLength(15)
      row.forEach((value, i) => {
        expect(value).toBeCloseTo(at(expected, i), 6)
      })
    })
    expect(found).toHaveLength(4)
  })

  test('with weight 0 it is joint training', () => {
    const run = (name: string, options: object) => {
      const toy: ToyCase = { options: { name, ...options }, widths: [4, 4], epoch: 3 }
      const context = toyContext(toy)
      const values = toyValues(context, {}, toyNeeds(toy))
      return tf.tidy(() => numberOf(bindToy(toy, context).loss(stepInput(values, context, 3)).total))
    }
    expect(run('ps-kd', { finalWeight: 0 })).toBeCloseTo(run('joint', {}), 6)
  })
})
