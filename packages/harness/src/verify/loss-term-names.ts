import * as tf from '@tensorflow/tfjs-core'
import type { Learner } from '../train.ts'

/** Names of the terms that a method's loss has on a network, from one step's loss on blank images. */
export function lossTermNames({ model, method }: Learner): string[] {
  const { classes, inputShape } = model.network
  return tf.tidy(() => {
    const images = tf.zeros<tf.Rank.R4>([2, ...inputShape]) // [B, H, W, C]
    const outputs = model.forward(images, { training: true })
    const targets = tf.fill<tf.Rank.R2>([2, classes], 1 / classes) // [B, C]
    return Object.keys(method.loss({ outputs, targets, epoch: 0 }).terms)
  })
}
