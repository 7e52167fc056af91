import * as tf from '@tensorflow/tfjs-core'
import { crossEntropy, softCrossEntropy } from '../../packages/methods/src/loss/cross-entropy.ts'
import { klDivergence } from '../../packages/methods/src/loss/kl-divergence.ts'
import { logSoftmax } from '../../packages/methods/src/loss/log-softmax.ts'
import { batchNormTraining } from '../../packages/nn/src/layers/batch-norm.ts'
import { explicitPadding } from '../../packages/nn/src/layers/convolution.ts'
import { globalAveragePool } from '../../packages/nn/src/layers/global-average-pool.ts'
import {
  type GroupedConvOptions,
  groupedConvolution,
} from '../../packages/nn/src/layers/grouped-convolution.ts'
import { upsample } from '../../packages/nn/src/layers/upsample.ts'
import { type Case, draw, forwardAndGradients } from './compare.ts'
import { optimizerCases } from './optimizer-cases.ts'

type Padding = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding

const map = (x: tf.Tensor | undefined) => x as tf.Tensor4D
const matrix = (x: tf.Tensor | undefined) => x as tf.Tensor2D
const lopsided: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [2, 1],
  [0, 3],
  [0, 0],
]

/** A case of one layer: names its inputs by their shapes. `terms` is the number of products in its longest sum. */
function layer(
  group: string,
  name: string,
  terms: number,
  shapes: readonly (readonly number[])[],
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
): Case {
  return {
    group,
    name: `${group} ${name}`,
    terms,
    compute: () =>
      forwardAndGradients(
        f,
        shapes.map((shape, i) => draw(shape, `${group} ${i}`)),
      ),
  }
}

/** Longest sum of a convolution of two images and its gradients. */
function convTerms(kernel: number, height: number, width: number, channels: number): number {
  return Math.max(kernel * kernel * channels, 2 * height * width)
}

function describePadding(pad: Padding): string {
  return typeof pad === 'object' ? 'lopsided' : String(pad)
}

function convolutions(): Case[] {
  const cases: Case[] = []
  for (const kernel of [1, 3, 5, 7]) {
    for (const stride of [1, 2]) {
      for (const pad of ['same', 'valid', 1, lopsided] satisfies Padding[]) {
        for (const [height, width] of [
          [8, 8],
          [9, 7],
        ] as const) {
          const name = `${kernel}x${kernel}, stride ${stride}, padding ${describePadding(pad)}, ${height}x${width}`
          for (const [cin, cout] of [
            [3, 5],
            [8, 16],
          ] as const) {
            cases.push(
              layer(
                'convolution',
                `${name}, ${cin} -> ${cout}`,
                convTerms(kernel, height, width, Math.max(cin, cout)),
                [
                  [2, height, width, cin],
                  [kernel, kernel, cin, cout],
                ],
                (x, w) => tf.conv2d(map(x), map(w), stride, pad),
              ),
            )
          }
          cases.push(
            layer(
              'depthwise',
              `${name}, 6`,
              convTerms(kernel, height, width, 1),
              [
                [2, height, width, 6],
                [kernel, kernel, 6, 1],
              ],
              (x, w) => tf.depthwiseConv2d(map(x), map(w), stride, pad),
            ),
          )
        }
      }
    }
  }
  return cases
}

/** Channels in and out, and the groups that they fall into: of one channel, narrow, wide, uneven, and dense. */
const groupings = [
  [6, 6, 6],
  [12, 20, 4],
  [16, 32, 8],
  [8, 4, 2],
  [48, 32, 2],
  [5, 3, 1],
] as const

function groupedConvolutions(): Case[] {
  const cases: Case[] = []
  for (const [kernel, height, width] of [
    [1, 9, 7],
    [3, 8, 8],
    [3, 9, 7],
  ] as const) {
    for (const strides of [1, 2]) {
      for (const pad of ['same', 'valid', lopsided] satisfies GroupedConvOptions['pad'][]) {
        for (const [cin, cout, groups] of groupings) {
          const sizes = `${height}x${width}, ${cin} -> ${cout} in ${groups}`
          cases.push(
            layer(
              'grouped convolution',
              `${kernel}x${kernel}, stride ${strides}, padding ${describePadding(pad)}, ${sizes}`,
              convTerms(kernel, height, width, Math.max(cin, cout) / groups),
              [
                [2, height, width, cin],
                [kernel, kernel, cin / groups, cout],
              ],
              (x, w) => groupedConvolution(map(x), map(w), { groups, strides, pad }),
            ),
          )
        }
      }
    }
  }
  return cases
}

/** The depthwise convolutions of MobileNetV2: 3x3, stride 1 or 2, padding 1, many channels on maps of any size. */
function mobileDepthwise(): Case[] {
  const pad = explicitPadding(1)
  return [32, 33, 144].flatMap((channels) =>
    [1, 2].flatMap((stride) =>
      [2, 7, 14].map((side) =>
        layer(
          'depthwise',
          `3x3, stride ${stride}, padding 1 explicit, ${side}x${side}, ${channels}`,
          convTerms(3, side, side, 1),
          [
            [2, side, side, channels],
            [3, 3, channels, 1],
          ],
          (x, w) => tf.depthwiseConv2d(map(x), map(w), stride, pad),
        ),
      ),
    ),
  )
}

function pools(): Case[] {
  const cases: Case[] = []
  for (const [size, stride] of [
    [2, 2],
    [3, 2],
    [3, 1],
  ] as const) {
    for (const pad of ['same', 'valid', 1] as const) {
      for (const side of [8, 9]) {
        const name = `${size}x${size}, stride ${stride}, padding ${pad}, ${side}x${side}`
        const shape = [2, side, side, 5]
        cases.push(
          layer('max pool', name, size * size, [shape], (x) => tf.maxPool(map(x), size, stride, pad)),
        )
        cases.push(
          layer('average pool', name, size * size, [shape], (x) => tf.avgPool(map(x), size, stride, pad)),
        )
      }
    }
  }
  return cases
}

function batchNorms(): Case[] {
  const cases: Case[] = []
  for (const channels of [1, 3, 16, 22]) {
    const shapes = [[4, 5, 6, channels], [channels], [channels]]
    const running = () => ({
      mean: tf.zeros<tf.Rank.R1>([channels]),
      variance: tf.ones<tf.Rank.R1>([channels]),
    })
    for (const relu of [false, true]) {
      const name = `${channels} channels${relu ? ', ReLU' : ''}`
      cases.push(
        layer('batch norm', name, 4 * 5 * 6, shapes, (x, gamma, beta) =>
          batchNormTraining(
            map(x),
            { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, ...running() },
            { epsilon: 1e-3, momentum: 0.1, relu },
          ),
        ),
      )
    }
    for (const momentum of [0.1, 1]) {
      cases.push({
        group: 'batch norm',
        name: `running statistics of ${channels} channels, momentum ${momentum}`,
        terms: 4 * 5 * 6,
        compute: () => {
          const [x, gamma, beta] = shapes.map((shape, i) => draw(shape, `batch norm ${i}`))
          let moved: Record<string, tf.Tensor> = {}
          batchNormTraining(
            map(x),
            { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, ...running() },
            {
              epsilon: 1e-3,
              momentum,
              relu: false,
              onMoved: (mean, variance) => {
                // They are gone after the call.
                moved = { mean: tf.keep(tf.clone(mean)), variance: tf.keep(tf.clone(variance)) }
              },
            },
          )
          return moved
        },
      })
    }
  }
  return cases
}

function rest(): Case[] {
  const vectors = [8, 10]
  const targets = () => tf.softmax(draw(vectors, 'targets') as tf.Tensor2D)
  return [
    layer('linear', '12 -> 10 with bias', 12, [[8, 12], [12, 10], [10]], (x, w, b) =>
      tf.add(tf.matMul(map(x), map(w)), b ?? 0),
    ),
    layer(
      'linear',
      'batched, b transposed',
      6,
      [
        [8, 3, 6],
        [8, 3, 6],
      ],
      (a, b) => tf.matMul(map(a), map(b), false, true),
    ),
    layer(
      'linear',
      'batched',
      10,
      [
        [8, 3, 3],
        [8, 3, 10],
      ],
      (a, b) => tf.matMul(map(a), map(b)),
    ),
    layer(
      'join',
      'add',
      1,
      [
        [2, 5, 5, 3],
        [2, 5, 5, 3],
      ],
      (a, b) => tf.relu(tf.add(map(a), map(b))),
    ),
    layer(
      'join',
      'concat',
      1,
      [
        [2, 5, 5, 3],
        [2, 5, 5, 6],
      ],
      (a, b) => tf.concat([map(a), map(b)], -1),
    ),
    layer(
      'join',
      'multiply by sigmoid',
      1,
      [
        [2, 5, 5, 3],
        [2, 5, 5, 3],
      ],
      (a, b) => tf.mul(map(a), tf.sigmoid(map(b))),
    ),
    layer('resize', 'upsample 4x4 to 8x8', 8 * 8, [[2, 4, 4, 5]], (x) => upsample(map(x), 8, 8)),
    layer('resize', 'upsample 7x7 to 14x14', 14 * 14, [[2, 7, 7, 3]], (x) => upsample(map(x), 14, 14)),
    layer('resize', 'global average pool', 7 * 5, [[3, 7, 5, 6]], (x) => globalAveragePool(map(x))),
    layer('join', 'ReLU6', 1, [[3, 7, 5, 6]], (x) => tf.relu6(tf.mul(map(x), 5))),
    layer('losses', 'softmax', 10, [vectors], (z) => tf.softmax(map(z))),
    layer('losses', 'log-softmax', 10, [vectors], (z) => logSoftmax(map(z))),
    layer('losses', 'log-softmax of exits', 10, [[4, 3, 10]], (z) => logSoftmax(map(z))),
    layer('losses', 'cross-entropy', 80, [vectors], (z) => crossEntropy(matrix(z), targets())),
    layer('losses', 'soft cross-entropy at temperature 3', 80, [vectors, vectors], (t, z) =>
      softCrossEntropy(matrix(t), matrix(z), 3),
    ),
    layer('losses', 'KL at temperature 3', 80, [vectors, vectors], (t, z) =>
      tf.mul(klDivergence(matrix(t), matrix(z), 3), 9),
    ),
    layer('losses', 'mean squared error', 80, [vectors, vectors], (a, b) =>
      tf.mean(tf.squaredDifference(map(a), map(b))),
    ),
    layer('losses', 'stack, tile and maximum', 2, [vectors, vectors], (a, b) => {
      const stacked = tf.stack([map(a), tf.maximum(map(a), map(b))], 1) // [B, 2, C]
      return tf.sum(tf.mul(stacked, tf.tile(tf.expandDims(map(b), 1), [1, 2, 1])), 1)
    }),
  ]
}

/** Every layer kind of the networks and every piece of the losses, forward and gradients. */
export function layerCases(): Case[] {
  return [
    ...convolutions(),
    ...groupedConvolutions(),
    ...mobileDepthwise(),
    ...pools(),
    ...batchNorms(),
    ...optimizerCases(),
    ...rest(),
  ]
}
