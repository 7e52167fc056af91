import * as tf from '@tensorflow/tfjs-core'
import { type Gradient, savedAt, single } from './gradient.ts'

/** Kernels that only relabel or move elements: dX is dY taken back the same way. */
function moved(
  kernelName: string,
  input: string,
  back: (dy: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap) => tf.Tensor,
): Gradient {
  return {
    kernelName,
    inputsToSave: [input],
    gradFunc: (dy, saved, attrs) => ({ [input]: () => back(single(dy), savedAt(saved, 0), attrs) }),
  }
}

function inverse(permutation: readonly number[]): number[] {
  const back: number[] = []
  permutation.forEach((from, to) => {
    back[from] = to
  })
  return back
}

/** Sums the copies that `tile` made: [a*r, b*s] is seen as [r, a, s, b] and summed over r and s. */
function untile(dy: tf.Tensor, x: tf.Tensor, repeats: readonly number[]): tf.Tensor {
  const split = x.shape.flatMap((size, i) => [repeats[i] ?? 1, size])
  return tf.sum(
    tf.reshape(dy, split),
    x.shape.map((_, i) => 2 * i),
  )
}

export const shapeGradients: readonly Gradient[] = [
  moved('Reshape', 'x', (dy, x) => tf.reshape(dy, x.shape)),
  moved('ExpandDims', 'input', (dy, x) => tf.reshape(dy, x.shape)),
  moved('Transpose', 'x', (dy, _x, attrs) => tf.transpose(dy, inverse(attrs.perm as number[]))),
  moved('Reverse', 'x', (dy, x, attrs) =>
    tf.reverse(dy, tf.util.parseAxisParam(attrs.dims as number[], x.shape)),
  ),
  moved('Tile', 'x', (dy, x, attrs) => untile(dy, x, attrs.reps as number[])),
  moved('PadV2', 'x', (dy, x, attrs) =>
    tf.slice(
      dy,
      (attrs.paddings as number[][]).map(([before]) => before ?? 0),
      x.shape,
    ),
  ),
  moved('Slice', 'x', (dy, x, attrs) => {
    const [begin] = tf.slice_util.parseSliceParams(x, attrs.begin as number[], attrs.size as number[])
    const paddings = x.shape.map((size, i): [number, number] => {
      const before = begin?.[i] ?? 0
      return [before, size - before - (dy.shape[i] ?? 0)]
    })
    return tf.pad(dy, paddings)
  }),
  {
    kernelName: 'Concat',
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const [axis = 0] = tf.util.parseAxisParam(attrs.axis as number, savedAt(saved, 0).shape)
      const parts = tf.split(
        single(dy),
        saved.map((x) => x.shape[axis] ?? 0),
        axis,
      )
      return Object.fromEntries(parts.map((part, i) => [i, () => part]))
    },
  },
  {
    kernelName: 'Pack',
    saveAllInputs: true,
    gradFunc: (dy, _saved, attrs) =>
      Object.fromEntries(tf.unstack(single(dy), Number(attrs.axis)).map((part, i) => [i, () => part])),
  },
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _saved, attrs) => ({ x: () => tf.concat(dy as tf.Tensor[], Number(attrs.axis)) }),
  },
  {
    kernelName: 'Unpack',
    // An axis of length 1 has a single output, which tfjs hands over bare.
    gradFunc: (dy, _saved, attrs) => ({
      value: () => tf.stack(Array.isArray(dy) ? dy : [dy], Number(attrs.axis)),
    }),
  },
  {
    // A product with the one-hot indices: no backend lacks it, and rows that were taken twice add up.
    kernelName: 'GatherV2',
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, saved, attrs) => {
      const x = savedAt(saved, 0)
      const indices = tf.reshape(savedAt(saved, 1), [-1])
      const [axis = 0] = tf.util.parseAxisParam(attrs.axis as number, x.shape)
      return {
        x: () => {
          if (Number(attrs.batchDims ?? 0) !== 0) throw new Error('the gradient of gather needs batchDims 0')
          const before = x.shape.slice(0, axis)
          const after = x.shape.slice(axis + 1)
          const rows = tf.reshape(single(dy), [
            tf.util.sizeFromShape(before),
            indices.size,
            tf.util.sizeFromShape(after),
          ])
          const picks = tf.cast(
            tf.oneHot(tf.cast(indices, 'int32') as tf.Tensor1D, x.shape[axis] ?? 0),
            'float32',
          ) // [I, N]
          const flat = tf.reshape(tf.transpose(rows, [1, 0, 2]), [indices.size, -1]) // [I, before * after]
          const summed = tf.matMul(picks as tf.Tensor2D, flat as tf.Tensor2D, true, false) // [N, before * after]
          const split = tf.reshape(summed, [
            x.shape[axis] ?? 0,
            tf.util.sizeFromShape(before),
            tf.util.sizeFromShape(after),
          ])
          return tf.reshape(tf.transpose(split, [1, 0, 2]), x.shape)
        },
        indices: () => tf.zerosLike(tf.cast(savedAt(saved, 1), 'float32')),
      }
    },
  },
]
