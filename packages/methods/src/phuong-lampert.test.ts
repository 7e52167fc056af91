import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import {
  bindToy,
  expectAgreement,
  flowsInto,
  numberOf,
  stepInput,
  type ToyCase,
  toyContext,
  toyValues,
} from './testing/expect-agreement.ts'
import { at, crossEntropy, mean, softCrossEntropy, softmax, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

describe('phuong-lampert', () => {
  test('the last exit teaches the others, all in means over the exits, temperature 1 at first', () => {
    expectAgreement({ options: { name: 'phuong-lampert' }, widths: [4, 4, 4] }, (live, frozen, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.slice(0, -1).map((z) => softCrossEntropy(at(frozen.logits, -1), z, 1) / 3)
      return {
        total: sum(ce) / 3 + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test('all later exits teach, at a constant temperature of 4', () => {
    const options = { name: 'phuong-lampert', teachers: 'later', initialTemperature: 4, temperatureGrowth: 1 }
    const gradients = expectAgreement({ options, widths: [4, 4, 4] }, (live, frozen, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits
        .slice(0, -1)
        .map((z, k) => (16 / 3) * mean(frozen.logits.slice(k + 1).map((t) => softCrossEntropy(t, z, 4))))
      return {
        total: sum(ce) / 3 + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
    expect(flowsInto(gradients, 'logits3')).toBe(true)
  })

  const toy: ToyCase = {
    options: { name: 'phuong-lampert', initialTemperature: 2, maxConfidence: 0.4 },
    widths: [4, 4],
  }

  test('observes the mean largest probability of the teacher at the current temperature', () => {
    const context = toyContext(toy)
    const instance = bindToy(toy, context)
    const values = toyValues(context, {})
    const observed = tf.tidy(() => {
      const { observed } = instance.loss(stepInput(values, context, 0))
      return Object.fromEntries(Object.entries(observed ?? {}).map(([name, x]) => [name, numberOf(x)]))
    })
    const expected = mean(at(values.logits, -1).map((row) => Math.max(...softmax(row, 2))))
    expect(observed.teacherConfidence).toBeCloseTo(expected, 6)
    expect(observed.temperature).toBe(2)
  })

  test('raises the temperature by 5 % after a batch with a too confident teacher, and only then', () => {
    const instance = bindToy(toy)
    instance.afterStep?.({ teacherConfidence: 0.4 })
    expect(instance.state?.()).toEqual({ temperature: 2 })
    instance.afterStep?.({ teacherConfidence: 0.41 })
    instance.afterStep?.({ teacherConfidence: 0.41 })
    expect(instance.state?.()).toEqual({ temperature: 2 * 1.05 * 1.05 })
  })

  test('takes its temperature back from a checkpoint, and trains with it', () => {
    const context = toyContext(toy)
    const values = toyValues(context, {})
    const total = (temperature: number) => {
      const instance = bindToy(toy, context)
      instance.restore?.({ temperature })
      return tf.tidy(() => numberOf(instance.loss(stepInput(values, context, 0)).total))
    }
    const fresh = bindToy({ ...toy, options: { ...toy.options, initialTemperature: 3 } }, context)
    const expected = tf.tidy(() => numberOf(fresh.loss(stepInput(values, context, 0)).total))
    expect(total(3)).toBe(expected)
    expect(total(2)).not.toBe(expected)
  })
})
