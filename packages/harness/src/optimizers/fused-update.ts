import * as tf from '@tensorflow/tfjs-core'
import type { TrainableParameter } from './optimizer.ts'

/**
 * Moves all parameters by one kernel, where the current backend brings one: some hundred small operations, which cost
 * more to start than to compute in a small network, become a few.
 *
 * The kernel takes the tensors of all weights, of each state and of all gradients, one after the other and in the order of
 * the parameters, and the attribute `decays`; it gives the new weights and states in the same order.
 *
 * @param states of each state, a variable a parameter
 * @returns false where the backend brings no such kernel, and nothing was done
 */
export function fusedUpdate(
  kernelName: 'SgdUpdate' | 'AdamUpdate',
  parameters: readonly TrainableParameter[],
  states: readonly (readonly tf.Variable[])[],
  gradients: readonly tf.Tensor[],
  attrs: Readonly<Record<string, number | boolean>>,
): boolean {
  if (tf.getKernel(kernelName, tf.getBackend()) === undefined) return false
  const moved = [...parameters.map(({ variable }) => variable), ...states.flat()]
  tf.tidy(() => {
    const inputs = [...moved, ...gradients] as unknown as tf.NamedTensorMap
    const decays = parameters.map(({ decay }) => decay)
    const outputs = tf.engine().runKernel<tf.Tensor[]>(kernelName, inputs, { ...attrs, decays })
    for (const [i, variable] of moved.entries()) {
      const value = outputs[i]
      if (value === undefined) throw new TypeError(`${kernelName} must give a tensor a variable`)
      variable.assign(value)
    }
  })
  return true
}
