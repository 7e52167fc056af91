import { describe, expect, test } from 'vitest'
import { expectAgreement, flowsInto, type ReferenceLoss } from './testing/expect-agreement.ts'
import {
  at,
  batchNormRelu,
  crossEntropy,
  klDivergence,
  type Matrix,
  multiply,
  softmax,
  sum,
} from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

interface Settings {
  readonly weight: number
  readonly temperature: number
  readonly detached: boolean
}

const reference =
  ({ weight, temperature, detached }: Settings): ReferenceLoss =>
  (live, frozen, targets) => {
    const teacherOf = ({ features, logits, parameters }: typeof live): Matrix => {
      const scores = batchNormRelu(
        multiply(at(features, 0), parameters['gate.weight'] ?? []),
        at(parameters['gate.gamma'] ?? [], 0),
        at(parameters['gate.beta'] ?? [], 0),
      )
      return scores.map((row, b) => {
        const gate = softmax(row)
        return at(at(logits, 0), b).map((_, c) => sum(gate.map((g, k) => g * at(at(at(logits, k), b), c))))
      })
    }
    const teacher = teacherOf(live)
    const taught = detached ? teacherOf(frozen) : teacher
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const teacherCe = crossEntropy(teacher, targets)
    const kd = live.logits.map((z) => weight * temperature ** 2 * klDivergence(taught, z, temperature))
    return {
      total: sum(ce) + teacherCe + sum(kd),
      terms: { ...numberedTerms('ce', ce), teacherCe, ...numberedTerms('kd', kd) },
    }
  }

describe('one', () => {
  test('a gate on the first exit’s feature weighs all exits into one teacher, which distillation leaves alone', () => {
    const options = { name: 'one', rampUpEpochs: 0 }
    const gradients = expectAgreement(
      { options, widths: [3, 4, 5] },
      reference({ weight: 1, temperature: 3, detached: true }),
    )
    for (const name of ['gate.weight', 'gate.gamma', 'features1'])
      expect(flowsInto(gradients, name)).toBe(true)
    for (const name of ['features2', 'features3', 'maps1']) expect(flowsInto(gradients, name)).toBe(false)
  })

  test('moves the teacher too where asked, and fades in', () => {
    const options = { name: 'one', teacherGradient: 'full', alpha: 0.5, temperature: 2 }
    expectAgreement(
      { options, widths: [4, 4], epoch: 4, epochs: 30 },
      reference({ weight: 0.5 * Math.exp(-5 / 4), temperature: 2, detached: false }),
    )
  })
})
