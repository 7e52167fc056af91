import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { methodOptions, methodProblems, teachersOf } from './registry.ts'
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
import {
  at,
  crossEntropy,
  klDivergence,
  type Matrix,
  mean,
  softCrossEntropy,
  softmax,
  squaredDistance,
  sum,
} from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const widths = [4, 4]

const defaultsOf = (name: string) => methodOptions.parse({ name })

describe('kd', () => {
  test('labels by 0.1, the last exit of the teacher by 0.9 at temperature 4', () => {
    const gradients = expectAgreement({ options: { name: 'kd' }, widths }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const teacher = at(at(live.teachers, 0), -1)
      const kd = live.logits.map((z) => 0.9 * 16 * klDivergence(teacher, z, 4))
      return {
        total: 0.1 * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
    expect(flowsInto(gradients, 'logits1')).toBe(true)
    expect(flowsInto(gradients, 'features1')).toBe(false)
  })

  test('exit k of the teacher, where the exits match', () => {
    const options = { name: 'kd', teacherExit: 'matching', alpha: 0.5, temperature: 2 }
    expectAgreement({ options, widths }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((z, k) => 2 * klDivergence(at(at(live.teachers, 0), k), z, 2))
      return {
        total: 0.5 * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test('refuses exits that do not match, once the teacher is known', () => {
    const options = { name: 'kd', teacher: { seed: 'same' }, alpha: 0.9, temperature: 4 } as const
    const matching = { ...options, teacherExit: 'matching' } as const
    expect(methodProblems(matching, 3)).toEqual([])
    expect(methodProblems(matching, 3, [3])).toEqual([])
    expect(methodProblems(matching, 3, [1])).toMatchObject([{ path: 'method.teacherExit' }])
    expect(methodProblems({ ...options, teacherExit: 'last' }, 3, [1])).toEqual([])
  })
})

describe('ba-caruana', () => {
  const l2 = (live: { logits: readonly Matrix[]; teachers: readonly (readonly Matrix[])[] }) =>
    live.logits.map((z) => squaredDistance(z, at(at(live.teachers, 0), -1)) / 2 / z.length)

  test('half the squared distance of the logits, mean over the batch; labels are only told', () => {
    expectAgreement({ options: { name: 'ba-caruana' }, widths }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const distances = l2(live)
      return {
        total: sum(distances),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('l2', distances) },
      }
    })
  })

  test('with labels, where they are asked for', () => {
    const options = { name: 'ba-caruana', labelWeight: 0.5, logitWeight: 2 }
    expectAgreement({ options, widths }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const distances = l2(live).map((distance) => 2 * distance)
      return {
        total: 0.5 * sum(ce) + sum(distances),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('l2', distances) },
      }
    })
  })
})

describe('born-again', () => {
  test.each([1, 0])('labels by %d, and the generation before at temperature 1', (labelWeight) => {
    const options = { name: 'born-again', labelWeight }
    expectAgreement({ options, widths }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const taught = live.logits.map((z) => softCrossEntropy(at(at(live.teachers, 0), -1), z, 1))
      return {
        total: labelWeight * sum(ce) + sum(taught),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('teacher', taught) },
      }
    })
  })
})

describe('tolerant-teacher', () => {
  /** p(1) - mean of p(2)..p(m), with the order read from `frozen`. */
  const gap = (z: Matrix, frozen: Matrix, m: number) =>
    mean(
      z.map((row, b) => {
        const p = softmax(row)
        const order = at(frozen, b)
          .map((value, c) => ({ value, c }))
          .sort((x, y) => y.value - x.value)
          .map(({ c }) => at(p, c))
        return at(order, 0) - mean(order.slice(1, m))
      }),
    )

  test('the first generation has no teacher, and is kept from being too sure', () => {
    expect(teachersOf(defaultsOf('tolerant-teacher'))).toEqual([])
    const options = { name: 'tolerant-teacher', topClasses: 3 }
    expectAgreement({ options, widths }, (live, frozen, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const gaps = live.logits.map((z, k) => 0.6 * gap(z, at(frozen.logits, k), 3))
      return {
        total: sum(ce) + sum(gaps),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('gap', gaps) },
      }
    })
  })

  test('by hand: probabilities 0.5, 0.3, 0.2 have a gap of 0.25', () => {
    const z = [[0.2, 0.5, 0.3].map(Math.log)]
    expect(gap(z, z, 3)).toBeCloseTo(0.25, 12)
  })

  test('a later generation learns from the one before, without the gap', () => {
    const options = { name: 'tolerant-teacher', teacher: { specDigest: `sha256:${'0'.repeat(64)}` } }
    expectAgreement({ options, widths }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((z) => klDivergence(at(at(live.teachers, 0), -1), z, 1))
      return {
        total: sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test('takes the gap of no more classes than there are', () => {
    const options = { name: 'tolerant-teacher', topClasses: 1000 }
    expectAgreement({ options, widths: [4] }, (live, frozen, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const gaps = live.logits.map((z, k) => 0.6 * gap(z, at(frozen.logits, k), 5))
      return {
        total: sum(ce) + sum(gaps),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('gap', gaps) },
      }
    })
  })
})

describe.each([
  ['batch', 1],
  ['elements', 1 / 5],
] as const)('averaged over the %s', (klReduction, scale) => {
  test('takd: labels and teacher by halves, temperature 5', () => {
    expectAgreement({ options: { name: 'takd', klReduction }, widths }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((z) => 12.5 * scale * klDivergence(at(at(live.teachers, 0), -1), z, 5))
      return {
        total: 0.5 * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test.each([
    // Three teachers: 3 x (1 - 0.5) of the labels.
    [{}, 1.5],
    [{ labelWeight: 'once' }, 0.5],
  ])('dgkd: all teachers at once, %j', (own, labels) => {
    expectAgreement({ options: { name: 'dgkd', klReduction, ...own }, widths }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map(
        (z) => 12.5 * scale * sum(live.teachers.map((teacher) => klDivergence(at(teacher, -1), z, 5))),
      )
      return {
        total: labels * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })
})

describe('dgkd with teachers left out', () => {
  const dropping = { name: 'dgkd', dropTeachers: 2, lambda: 1, temperature: 1 }
  const toy: ToyCase = { options: { ...dropping, dropFrom: 'all' }, widths: [4] }
  const context = toyContext(toy)
  const values = toyValues(context, {})

  /** Position of the one teacher that taught each of so many steps. */
  function taughtBy(instance: ReturnType<typeof bindToy>, steps: number): number[] {
    return Array.from({ length: steps }, () => {
      const total = tf.tidy(() => numberOf(instance.loss(stepInput(values, context, 0)).total))
      instance.afterStep?.({})
      return values.teachers.findIndex(
        (teacher) => Math.abs(klDivergence(at(teacher, -1), at(values.logits, 0), 1) - total) < 1e-4,
      )
    })
  }

  test('each step is taught by one, and each of them has its turn', () => {
    const turns = taughtBy(bindToy(toy, context), 30)
    expect(new Set(turns)).toEqual(new Set([0, 1, 2]))
  })

  test('the first always stays, unless told otherwise, and each of two assistants has its turn', () => {
    const one = bindToy({ options: { ...dropping, dropTeachers: 1 }, widths: [4] }, context)
    const of = (i: number) => klDivergence(at(at(values.teachers, i), -1), at(values.logits, 0), 1)
    const turns = Array.from({ length: 20 }, () => {
      const total = tf.tidy(() => numberOf(one.loss(stepInput(values, context, 0)).total))
      one.afterStep?.({})
      return [1, 2].find((assistant) => Math.abs(of(0) + of(assistant) - total) < 1e-4)
    })
    expect(new Set(turns)).toEqual(new Set([1, 2]))
  })

  test('keeps the labels of teachers that are left out', () => {
    const options = { ...dropping, dropTeachers: 1, lambda: 0 }
    expectAgreement({ options, widths: [4] }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      return { total: 3 * sum(ce), terms: { ...numberedTerms('ce', ce), kd1: 0 } }
    })
  })

  test('goes on with the draws of the step where it stopped', () => {
    const whole = taughtBy(bindToy(toy, context), 12)
    const before = bindToy(toy, context)
    const first = taughtBy(before, 5)
    const after = bindToy(toy, context)
    after.restore?.(before.state?.() ?? {})
    expect([...first, ...taughtBy(after, 7)]).toEqual(whole)
  })

  test('refuses to leave out all of them, or to have none', () => {
    const options = defaultsOf('dgkd')
    expect(methodProblems(options, 2, [])).toMatchObject([{ path: 'method.teachers' }])
    const problems = (own: object, teachers: number) =>
      methodProblems({ ...options, ...own } as typeof options, 2, Array(teachers).fill(1))
    const refused = [expect.objectContaining({ path: 'method.dropTeachers' })]
    expect(problems({}, 1)).toEqual([])
    expect(problems({ dropTeachers: 1 }, 1)).toEqual(refused)
    // Two teachers have one assistant, which would never teach.
    expect(problems({ dropTeachers: 1 }, 2)).toEqual(refused)
    expect(problems({ dropTeachers: 1 }, 3)).toEqual([])
    expect(problems({ dropTeachers: 1, dropFrom: 'all' }, 2)).toEqual([])
    expect(problems({ dropTeachers: 2, dropFrom: 'all' }, 2)).toEqual(refused)
  })
})
