import '@mate-bench/nn/gradients'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crossEntropy, softCrossEntropy } from './cross-entropy.ts'
import { euclideanDistance, maskedSquaredDistance, meanSquaredDistance } from './feature-distance.ts'
import { klDivergence } from './kl-divergence.ts'
import { pairwiseKlDivergence } from './pairwise-kl-divergence.ts'

const value = (compute: () => tf.Tensor): number => tf.tidy(() => compute().dataSync()[0] ?? Number.NaN)
const rows = (...values: number[][]): tf.Tensor2D => tf.tensor2d(values)

// softmax of (ln 3, 0) is (3/4, 1/4); of (0, 0) it is (1/2, 1/2).
const skewed = [Math.log(3), 0]
const even = [0, 0]

describe('values worked by hand', () => {
  test('cross-entropy: ln 4 for a quarter on the true class, averaged over the batch', () => {
    const loss = value(() => crossEntropy(rows(skewed, even), rows([0, 1], [1, 0])))
    expect(loss).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 6)
  })

  test('cross-entropy of a smoothed target mixes the classes’ losses', () => {
    const loss = value(() => crossEntropy(rows(skewed), rows([0.9, 0.1])))
    expect(loss).toBeCloseTo(0.9 * Math.log(4 / 3) + 0.1 * Math.log(4), 6)
  })

  test('soft cross-entropy: both sides are softened', () => {
    // At T = 2 the student's logits ln 9 act as ln 3.
    const loss = value(() => softCrossEntropy(rows(even), rows([Math.log(9), 0]), 2))
    expect(loss).toBeCloseTo(0.5 * Math.log(4 / 3) + 0.5 * Math.log(4), 6)
  })

  test('KL(3/4, 1/4 || 1/2, 1/2) is not KL(1/2, 1/2 || 3/4, 1/4)', () => {
    const forward = value(() => klDivergence(rows(skewed), rows(even), 1))
    const backward = value(() => klDivergence(rows(even), rows(skewed), 1))
    expect(forward).toBeCloseTo(0.75 * Math.log(3 / 2) + 0.25 * Math.log(1 / 2), 6)
    expect(backward).toBeCloseTo(0.5 * Math.log(2 / 3) + 0.5 * Math.log(2), 6)
  })

  test('masked distance leaves out what is inactive on both sides', () => {
    // Counted: (1 - -1)^2 = 4, (-2 - 1)^2 = 9. Not counted: (-3, -5), (0, -1).
    const loss = value(() => maskedSquaredDistance(rows([1, -2], [-3, 0]), rows([-1, 1], [-5, -1])))
    expect(loss).toBe(13)
  })

  test('mean squared and Euclidean distance of a 3-4-5 triangle', () => {
    expect(value(() => meanSquaredDistance(rows([3, 0, 4, 1]), rows([0, 0, 0, 1])))).toBe(25 / 4)
    expect(value(() => euclideanDistance(rows([3, 0, 4, 1]), rows([0, 0, 0, 1])))).toBeCloseTo(5, 6)
  })

  test('the Euclidean distance of equal features has a finite slope', () => {
    const slopes = tf.tidy(() => [
      ...tf
        .grad((x) => euclideanDistance(x, rows([1, 2])))(rows([1, 2]))
        .dataSync(),
    ])
    expect(slopes).toEqual([0, 0])
  })
})

describe('pairwise KL', () => {
  const logit = fc.integer({ min: -40, max: 40 }).map((tenth) => tenth / 10)
  const logits = (count: number) => fc.array(logit, { minLength: count, maxLength: count })

  test('agrees with the divergence of each pair, and is never negative', () => {
    const [batch, teachers, students, classes] = [2, 3, 2, 4] as const
    fc.assert(
      fc.property(
        logits(batch * teachers * classes),
        logits(batch * students * classes),
        fc.constantFrom(1, 3),
        (a, b, temperature) => {
          tf.tidy(() => {
            const t = tf.tensor3d(a, [batch, teachers, classes])
            const z = tf.tensor3d(b, [batch, students, classes])
            const pairs = pairwiseKlDivergence(t, z, temperature).arraySync()
            tf.unstack(t, 1).forEach((teacher, i) => {
              tf.unstack(z, 1).forEach((student, k) => {
                const single = klDivergence(teacher as tf.Tensor2D, student as tf.Tensor2D, temperature)
                expect(pairs[i]?.[k]).toBeCloseTo(single.dataSync()[0] ?? Number.NaN, 5)
                expect(pairs[i]?.[k]).toBeGreaterThan(-1e-5)
              })
            })
          })
        },
      ),
      { numRuns: 25, seed: 1 },
    )
  })
})
