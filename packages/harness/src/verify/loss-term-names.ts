import * as tf from '@tensorflow/tfjs-core'
import { rowsOf } from '../batch-rows.ts'
import { furtherPasses } from '../further-passes.ts'
import type { Learner } from '../train.ts'

/** Names of the terms that a method's loss has on a network, from one step's loss on two blank images. */
export function lossTermNames({ model, method, needs, copy }: Learner): string[] {
  const { classes, inputShape } = model.network
  const images = 2
  const { together, apart } = rowsOf(needs, images)
  const start = { epoch: 0, step: 0 }
  return tf.tidy(() => {
    const blank = (rows: number) => tf.zeros<tf.Rank.R4>([rows, ...inputShape]) // [rows, H, W, C]
    const stepImages = { together: blank(together), apart: apart > 0 ? blank(apart) : undefined }
    const further = furtherPasses({ model, needs, copy }, stepImages, start)
    const outputs = model.forward(stepImages.together, { training: true })
    const targets = tf.fill<tf.Rank.R2>([together, classes], 1 / classes) // [R, C]
    const labels = tf.zeros<tf.Rank.R1>([together], 'int32') // [R]
    const memory = needs.memory && tf.zeros<tf.Rank.R2>([images, needs.memory.numbersPerImage])
    const { terms } = method.loss({
      outputs,
      targets,
      labels,
      epoch: 0,
      ...further,
      ...(memory ? { memory } : {}),
    })
    return Object.keys(terms)
  })
}
