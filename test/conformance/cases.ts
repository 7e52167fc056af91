import * as tf from '@tensorflow/tfjs-core'
import { batchNormTraining } from '../../packages/nn/src/layers/batch-norm.ts'
import { explicitPadding } from '../../packages/nn/src/layers/convolution.ts'
import { globalAveragePool } from '../../packages/nn/src/layers/global-average-pool.ts'
import {
  type GroupedConvOptions,
  groupedConvolution,
} from '../../packages/nn/src/layers/grouped-convolution.ts'
import { upsample } from '../../packages/nn/src/layers/upsample.ts'
import { type Case, draw, forwardAndGradients } from './compare.ts'

type Padding = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding

const map = (x: tf.Tensor | undefined) => x as tf.Tensor4D
const lopsided: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [2, 1],
  [0, 3],
  [0, 0],
]

/** A case of one layer: names its inputs by their shapes. */
function layer(
  group: string,
  name: string,
  shapes: readonly (readonly number[])[],
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
): Case {
  return {
    group,
    name: `${group} ${name}`,
    compute: () =>
      forwardAndGradients(
        f,
        shapes.map((shape, i) => draw(shape, `${group} ${i}`)),
      ),
  }
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
        cases.push(layer('max pool', name, [shape], (x) => tf.maxPool(map(x), size, stride, pad)))
        cases.push(layer('average pool', name, [shape], (x) => tf.avgPool(map(x), size, stride, pad)))
      }
    }
  }
  return cases
}

function batchNorms(): Case[] {
  const cases: Case[] = []
  for (const relu of [false, true]) {
    for (const channels of [1, 3, 16, 22]) {
      const name = `${channels} channels${relu ? ', ReLU' : ''}`
      cases.push(
        layer('batch norm', name, [[4, 5, 6, channels], [channels], [channels]], (x, gamma, beta) =>
          batchNormTraining(
            map(x),
            {
              gamma: gamma as tf.Tensor1D,
              beta: beta as tf.Tensor1D,
              mean: tf.zeros<tf.Rank.R1>([channels]),
              variance: tf.ones<tf.Rank.R1>([channels]),
            },
            { epsilon: 1e-3, momentum: 0.1, relu },
          ),
        ),
      )
    }
  }
  return cases
}

function rest(): Case[] {
  const vectors = [8, 10]
  const targets = () => tf.softmax(draw(vectors, 'targets'))
  return [
    layer('linear', '12 -> 10 with bias', [[8, 12], [12, 10], [10]], (x, w, b) =>
      tf.add(tf.matMul(map(x), map(w)), b ?? 0),
    ),
    layer(
      'linear',
      'batched, b transposed',
      [
        [8, 3, 6],
        [8, 3, 6],
      ],
      (a, b) => tf.matMul(map(a), map(b), false, true),
    ),
    layer(
      'linear',
      'batched',
      [
        [8, 3, 3],
        [8, 3, 10],
      ],
      (a, b) => tf.matMul(map(a), map(b)),
    ),
    layer(
      'join',
      'add',
      [
        [2, 5, 5, 3],
        [2, 5, 5, 3],
      ],
      (a, b) => tf.relu(tf.add(map(a), map(b))),
    ),
    layer(
      'join',
      'concat',
      [
        [2, 5, 5, 3],
        [2, 5, 5, 6],
      ],
      (a, b) => tf.concat([map(a), map(b)], -1),
    ),
    layer(
      'join',
      'multiply by sigmoid',
      [
        [2, 5, 5, 3],
        [2, 5, 5, 3],
      ],
      (a, b) => tf.mul(map(a), tf.sigmoid(map(b))),
    ),
    layer('resize', 'upsample 4x4 to 8x8', [[2, 4, 4, 5]], (x) => upsample(map(x), 8, 8)),
    layer('resize', 'upsample 7x7 to 14x14', [[2, 7, 7, 3]], (x) => upsample(map(x), 14, 14)),
    layer('resize', 'global average pool', [[3, 7, 5, 6]], (x) => globalAveragePool(map(x))),
    layer('join', 'ReLU6', [[3, 7, 5, 6]], (x) => tf.relu6(tf.mul(map(x), 5))),
    layer('losses', 'softmax', [vectors], (z) => tf.softmax(map(z))),
    layer('losses', 'log-softmax', [vectors], (z) => tf.logSoftmax(map(z))),
    layer('losses', 'cross-entropy', [vectors], (z) =>
      tf.neg(tf.mean(tf.sum(tf.mul(targets(), tf.logSoftmax(map(z))), -1))),
    ),
    layer('losses', 'KL at temperature 3', [vectors, vectors], (t, z) => {
      const [teacher, student] = [t, z].map((logits) => tf.logSoftmax(tf.div(map(logits), 3)))
      const terms = tf.mul(tf.exp(teacher ?? 0), tf.sub(teacher ?? 0, student ?? 0))
      return tf.mul(tf.mean(tf.sum(terms, -1)), 9)
    }),
    layer('losses', 'mean squared error', [vectors, vectors], (a, b) =>
      tf.mean(tf.squaredDifference(map(a), map(b))),
    ),
    layer('losses', 'stack, tile and maximum', [vectors, vectors], (a, b) => {
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
    ...rest(),
  ]
}
