import { backendIdentity, openBackend } from '@mate-bench/backends'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import '../../packages/nn/src/gradients/register.ts'
import { crossEntropy } from '../../packages/methods/src/loss/cross-entropy.ts'
import { batchNormTraining } from '../../packages/nn/src/layers/batch-norm.ts'
import { type Case, compareWithCpu, draw, forwardAndGradients } from '../conformance/compare.ts'

/** What only sizes beyond those of the conformance suite reach. */
function largeCase(
  name: string,
  terms: number,
  shapes: readonly (readonly number[])[],
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
): Case {
  const compute = () =>
    forwardAndGradients(
      f,
      shapes.map((shape, i) => draw(shape, `${name} ${i}`)),
    )
  return { group: name, name, terms, compute }
}

function batchNorm(
  name: string,
  shape: readonly [number, number, number, number],
  { relu, around }: { readonly relu: boolean; readonly around: number },
): Case {
  const channels = shape[3]
  return largeCase(name, shape[0] * shape[1] * shape[2], [shape, [channels], [channels]], (x, gamma, beta) =>
    batchNormTraining(
      tf.add(x, around) as tf.Tensor4D,
      {
        gamma: gamma as tf.Tensor1D,
        beta: beta as tf.Tensor1D,
        mean: tf.zeros<tf.Rank.R1>([channels]),
        variance: tf.ones<tf.Rank.R1>([channels]),
      },
      { epsilon: 1e-5, momentum: 0.1, relu },
    ),
  )
}

const cases: readonly Case[] = [
  batchNorm('batch norm whose rows fall into several chunks', [2, 40, 40, 16], { relu: true, around: 0 }),
  // A variance from plain squares would have lost half its digits.
  batchNorm('batch norm far from zero', [2, 40, 40, 3], { relu: false, around: 50 }),
  batchNorm('batch norm of more channels than a workgroup has threads', [2, 3, 3, 300], {
    relu: false,
    around: 0,
  }),
  largeCase('cross-entropy of more images than a workgroup has threads', 1500, [[300, 5]], (z) =>
    crossEntropy(z as tf.Tensor2D, tf.softmax(draw([300, 5], 'targets') as tf.Tensor2D)),
  ),
  largeCase(
    'a sum of more tensors than there are bindings',
    10,
    Array.from({ length: 10 }, () => [7]),
    (...parts) => tf.addN(parts),
  ),
  largeCase(
    'a product whose sums tfjs would split',
    2100,
    [
      [12, 2100],
      [2100, 12],
    ],
    (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D),
  ),
]

describe.skipIf(backendIdentity('webgpu') === undefined)('kernels on webgpu', () => {
  it('agree with plain JavaScript where their work is shared out, and give the same bytes twice', async () => {
    await openBackend('webgpu')
    await openBackend('cpu')
    const results = await compareWithCpu('webgpu', cases)
    expect(results.flatMap(({ failures }) => failures)).toEqual([])
    expect(results).toHaveLength(cases.length)
  })

  it('say that a value cannot be had at once', async () => {
    await openBackend('webgpu')
    const sum = tf.add(tf.tensor1d([1, 2]), 1)
    expect(() => sum.dataSync()).toThrow('asynchronously')
    expect([...(await sum.data())]).toEqual([2, 3])
  })
})
