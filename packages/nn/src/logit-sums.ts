import * as tf from '@tensorflow/tfjs-core'
import type { Network } from './describe/index.ts'

/**
 * What the exits predict by: their own logits, or the weighted sums that the network's exits ask for.
 *
 * @param logits of each exit, shallowest first, [B, C]
 * @returns [B, C] each; the very tensors that came in where no exit sums
 */
export function predictedLogits({ exits }: Network, logits: readonly tf.Tensor2D[]): readonly tf.Tensor2D[] {
  return logits.map((own, index) => {
    const weights = exits[index]?.logitWeights
    if (weights === undefined) return own
    return tf.tidy(() =>
      tf.addN(logits.slice(0, index + 1).map((z, j) => tf.mul<tf.Tensor2D>(z, weights[j] ?? 0))),
    )
  })
}
