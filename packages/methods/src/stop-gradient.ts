import * as tf from '@tensorflow/tfjs-core'

/**
 * Computes a tensor that the gradient tape takes for a constant: nothing flows back into what `compute` reads.
 *
 * tfjs has no `detach`. A custom gradient without inputs is one: its kernels run off the tape, and the node
 * it leaves there is connected to nothing. Operations without a gradient (comparisons) are allowed inside.
 */
export function constant<T extends tf.Tensor>(compute: () => T): T {
  return tf.customGrad<T>(() => ({ value: compute(), gradFunc: () => [] }))()
}

/** The same values as a new tensor that carries no gradient (PyTorch's `detach`). */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  return constant(() => tf.clone(x))
}
