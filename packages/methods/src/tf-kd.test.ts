import { describe, expect, test } from 'vitest'
import { methodOptions, methodProblems, teachersOf } from './registry.ts'
import { bindToy, expectAgreement } from './testing/expect-agreement.ts'
import { at, crossEntropy, klDivergence, mean, softmax, sum, type Vector } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const classes = 5

const divergence = (q: Vector, p: Vector): number =>
  sum(q.map((value, c) => value * Math.log(value / at(p, c))))

describe('tf-kd without a teacher', () => {
  test.each([
    [{}, { alpha: 0.1, T: 20, beta: 1, right: 0.99, studentT: 1 }],
    [
      { alpha: 0.4, temperature: 2, divergenceWeight: 3, confidence: 0.7, softensStudent: true },
      { alpha: 0.4, T: 2, beta: 3, right: 0.7, studentT: 2 },
    ],
  ])('learns from labels and a virtual teacher, with %j', (options, { alpha, T, beta, right, studentT }) => {
    expectAgreement({ options: { name: 'tf-kd', ...options }, widths: [4, 4] }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((z) => {
        const losses = z.map((row, b) => {
          const given = row.map((__, c) => (c === at(live.labels, b) ? right : (1 - right) / (classes - 1)))
          return divergence(softmax(given, T), softmax(row, studentT))
        })
        return alpha * beta * mean(losses)
      })
      return {
        total: (1 - alpha) * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test('refuses a virtual teacher that gives the right class nothing', () => {
    expect(() => bindToy({ options: { name: 'tf-kd', confidence: 0 }, widths: [4] })).toThrow()
  })
})

describe('tf-kd with its former self', () => {
  const self = { name: 'tf-kd', teacher: { specDigest: `sha256:${'0'.repeat(64)}` } } as const

  test('exit k learns from exit k, by the code’s values on CIFAR-100', () => {
    expectAgreement({ options: self, widths: [4, 4] }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((z, k) => 0.95 * 18 * klDivergence(at(at(live.teachers, 0), k), z, 6))
      return {
        total: 0.05 * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test('or from the last exit, the student not softened', () => {
    const options = { ...self, teacherExit: 'last', alpha: 0.5, temperature: 2, softensStudent: false }
    expectAgreement({ options, widths: [4, 4] }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const teacher = at(at(live.teachers, 0), -1)
      const kd = live.logits.map((z) =>
        mean(z.map((row, b) => divergence(softmax(at(teacher, b), 2), softmax(row)))),
      )
      return {
        total: 0.5 * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test('names a teacher where the spec does, whose exits must match', () => {
    expect(teachersOf(methodOptions.parse({ name: 'tf-kd' }))).toEqual([])
    const options = methodOptions.parse(self)
    expect(teachersOf(options)).toHaveLength(1)
    expect(methodProblems(options, 3, [1])).toMatchObject([{ path: 'method.teacherExit' }])
    expect(methodProblems(options, 3, [3])).toEqual([])
  })
})
