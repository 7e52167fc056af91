import * as tf from '@tensorflow/tfjs-core'
import { type Gradient, mask, savedAt, single } from './gradient.ts'

/** The shape of `x` with 1 in place of every reduced axis: what broadcasts back against `x`. */
function keptShape(x: tf.Tensor, axis: unknown): number[] {
  const axes = tf.util.parseAxisParam((axis ?? undefined) as number | number[], x.shape)
  return x.shape.map((size, i) => (axes.includes(i) ? 1 : size))
}

/** dY, reduced as `keptShape` says, spread over all of `x`. */
function spread(dy: tf.Tensor, x: tf.Tensor, kept: number[]): tf.Tensor {
  const repeats = x.shape.map((size, i) => (kept[i] === 1 ? size : 1))
  return tf.tile(tf.reshape(dy, kept), repeats)
}

/** Max and Min: every element that reaches the extremum gets dY, ties included. */
function extremum(kernelName: 'Max' | 'Min', axisName: string): Gradient {
  return {
    kernelName,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const x = savedAt(saved, 0)
      const y = savedAt(saved, 1)
      const kept = keptShape(x, attrs[axisName])
      return {
        x: () => tf.mul(tf.reshape(single(dy), kept), mask(tf.equal(x, tf.reshape(y, kept)))),
      }
    },
  }
}

export const reductionGradients: readonly Gradient[] = [
  {
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => {
      const x = savedAt(saved, 0)
      return { x: () => spread(single(dy), x, keptShape(x, attrs.axis)) }
    },
  },
  {
    kernelName: 'Mean',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => {
      const x = savedAt(saved, 0)
      const kept = keptShape(x, attrs.axis)
      const share = tf.util.sizeFromShape(kept) / Math.max(1, x.size)
      return { x: () => spread(tf.mul(single(dy), tf.scalar(share)), x, kept) }
    },
  },
  extremum('Max', 'reductionIndices'),
  extremum('Min', 'axis'),
  {
    // dx = (dy - sum(dy * y)) * y
    kernelName: 'Softmax',
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const y = savedAt(saved, 0)
      return {
        logits: () => {
          const weighted = tf.mul(single(dy), y)
          return tf.sub(weighted, tf.mul(tf.sum(weighted, [Number(attrs.dim)], true), y))
        },
      }
    },
  },
]
