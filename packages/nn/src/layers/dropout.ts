import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Inverted dropout: a share `rate` of the elements becomes 0, the others grow by 1 / (1 - rate).
 * Srivastava et al., JMLR 2014. The mask is a pure function of (seed, stream, step), so that an interrupted run
 * draws the same one when it goes on.
 */
export function dropout<T extends tf.Tensor>(
  x: T,
  rate: number,
  draw: { seed: number; stream: string; step: number },
): T {
  const random = createRandom(draw.seed, `dropout/${draw.stream}`, draw.step)
  const mask = new Float32Array(x.size)
  for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < rate ? 0 : 1 / (1 - rate)
  return tf.tidy(() => tf.mul<T>(x, tf.tensor(mask, x.shape)))
}
