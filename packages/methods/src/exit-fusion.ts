/**
 * LOTH's fusion module: one classifier on the exits' feature maps, laid side by side and weighed by a channel attention.
 *
 * Wang, Hao, Wu, Bai, LOTH, ACM MM 2024 (see `loth.ts`), as in the authors' code (github.com/cloak-s/LOTH: models/Fusion.py at
 * 3c28486, DECA_fusion; the attention, whose file is missing there, in Backbone/Att.py at 08fc475):
 *
 *   x   K maps of D channels and P pixels side by side, M = K D channels
 *   g   mean of x over its pixels, convolved along the channels with a kernel of k numbers
 *   l   x convolved along the channels with a kernel of k x P x P numbers: pixels mix as channels of a convolution do
 *   a   sigmoid( 2 (1 - sigmoid(b)) l + 2 sigmoid(b) g ),  b = 0 at first
 *   z_f = Linear( mean over pixels of ReLU(BN(1x1 convolution M -> D of x a)) )
 *
 * k is |log2(M) + 1| / 2, cut to a whole number and made odd. Its weights take no weight decay: the source gives them 1e-5,
 * a fiftieth of the network's.
 */
import type { Random } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { createLinearBias, createLinearMap } from './linear-map.ts'
import type { TrainingParameter } from './method.ts'
import { createTrainingBatchNorm } from './training-batch-norm.ts'

export interface FusionShape {
  /** K. */
  readonly exits: number
  /** P, height times width of every exit's map. */
  readonly pixels: number
  /** D. */
  readonly channels: number
  readonly classes: number
}

export interface ExitFusion {
  readonly parameters: readonly TrainingParameter[]
  /** z_f, [B, C]. `maps` are K tensors [B, H, W, D] or [B, D]. */
  logits(maps: readonly tf.Tensor[]): tf.Tensor2D
}

/** k of the attention's convolutions along the channels. */
export function attentionKernel(channels: number): number {
  const size = Math.floor(Math.abs((Math.log2(channels) + 1) / 2))
  return size % 2 === 1 ? size : size + 1
}

export function createExitFusion(shape: FusionShape, random: Random): ExitFusion {
  const { exits, pixels, channels, classes } = shape
  const all = exits * channels
  const kernel = attentionKernel(all)
  const globalKernel = createLinearMap(kernel, 1, random) // [k, 1]
  const localKernel = createLinearMap(kernel * pixels, pixels, random) // [k P, P]
  const balance = tf.tidy(() => tf.variable(tf.scalar(0)))
  const mix = normalVariable([all, channels], Math.sqrt(2 / channels), random) // [M, D]
  const norm = createTrainingBatchNorm('fusion', channels, { decay: false })
  const classifier = createLinearMap(channels, classes, random) // [D, C]
  const bias = createLinearBias(channels, classes, random) // [C]
  const own = { globalKernel, localKernel, balance, mix, classifier, bias }
  return {
    parameters: [
      ...Object.entries(own).map(([name, variable]) => ({ name: `fusion.${name}`, variable, decay: false })),
      ...norm.parameters,
    ],
    logits(maps) {
      const flat = maps.map((map) => tf.reshape<tf.Rank.R3>(map, [-1, pixels, channels])) // K x [B, P, D]
      const x = tf.transpose(tf.concat(flat, 2), [0, 2, 1]) // [B, M, P]
      const global = alongChannels(tf.mean<tf.Tensor3D>(x, 2, true), globalKernel, kernel) // [B, M, 1]
      const local = alongChannels(x, localKernel, kernel) // [B, M, P]
      const share = tf.sigmoid(balance)
      const scores = tf.add(tf.mul(tf.mul(tf.sub(1, share), 2), local), tf.mul(tf.mul(share, 2), global))
      const attended = tf.transpose(tf.mul(x, tf.sigmoid(scores)), [0, 2, 1]) // [B, P, M]
      const rows = tf.reshape<tf.Rank.R2>(attended, [-1, all]) // [B P, M]
      const mixed = norm.normaliseRelu(tf.matMul(rows, mix as tf.Tensor2D)) // [B P, D]
      const pooled = tf.mean<tf.Tensor2D>(tf.reshape(mixed, [-1, pixels, channels]), 1) // [B, D]
      return tf.add(tf.matMul(pooled, classifier as tf.Tensor2D), bias)
    },
  }
}

/**
 * Convolution along the channels, zeros beyond the first and the last, with pixels as its depth.
 *
 * @param x [B, M, P]
 * @param weight [k P, P]: k matrices, one an offset from -(k - 1) / 2 on
 */
function alongChannels(x: tf.Tensor3D, weight: tf.Variable, kernel: number): tf.Tensor3D {
  const [, channels, pixels] = x.shape
  const reach = (kernel - 1) / 2
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, pixels]) // [B M, P]
  const parts = Array.from({ length: kernel }, (_, offset) => {
    const own = tf.slice(weight as tf.Tensor2D, [offset * pixels, 0], [pixels, pixels])
    const y = tf.reshape<tf.Rank.R3>(tf.matMul(rows, own), [-1, channels, pixels]) // [B, M, P]
    const padded = tf.pad(y, [
      [0, 0],
      [reach, reach],
      [0, 0],
    ])
    return tf.slice(padded, [0, offset, 0], [-1, channels, -1])
  })
  return tf.addN(parts)
}

function normalVariable(shape: [number, number], deviation: number, random: Random): tf.Variable<tf.Rank.R2> {
  const values = Float32Array.from({ length: shape[0] * shape[1] }, () => deviation * random.normal())
  return tf.tidy(() => tf.variable(tf.tensor2d(values, shape)))
}

/** Multiply-accumulates of the module for one image. */
export function fusionMacs({ exits, pixels, channels, classes }: FusionShape): number {
  const all = exits * channels
  const kernel = attentionKernel(all)
  return kernel * all * (1 + pixels * pixels) + pixels * all * channels + channels * classes
}
