import { teachersOf } from '@mate-bench/methods'
import type { ExitOutputs } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { rowsOf } from '../batch-rows.ts'
import { furtherPasses } from '../further-passes.ts'
import type { Learner } from '../learner.ts'
import type { Spec } from '../spec.ts'
import { teacherSpec } from '../teachers.ts'

/**
 * Names of the terms that the loss of a learner's phase has on a network, from one step's loss on two blank images; what
 * teachers say of them is as blank, since no name depends on it.
 */
export function lossTermNames(learner: Learner, spec: Spec): string[] {
  const { model, method, needs, copy, forward, phase } = learner
  const { classes, inputShape } = model.network
  const images = 2
  const { together, apart } = rowsOf(needs, images)
  const start = { epoch: 0, step: 0 }
  return tf.tidy(() => {
    const blank = (rows: number) => tf.zeros<tf.Rank.R4>([rows, ...inputShape]) // [rows, H, W, C]
    const stepImages = { together: blank(together), apart: apart > 0 ? blank(apart) : undefined }
    const further = furtherPasses({ model, needs, copy, forward }, stepImages, start)
    const outputs = model.forward(stepImages.together, { ...forward, training: true })
    const targets = tf.fill<tf.Rank.R2>([together, classes], 1 / classes) // [R, C]
    const labels = tf.zeros<tf.Rank.R1>([together], 'int32') // [R]
    const memory = needs.memory && tf.zeros<tf.Rank.R2>([images, needs.memory.numbersPerImage])
    const teachers =
      phase.name === 'backbone'
        ? []
        : teachersOf(spec.method).map((reference) =>
            teacherSpec(spec, reference).model.exits.map(() => silent(together, classes)),
          )
    const { terms } = method.loss({
      outputs,
      targets,
      labels,
      epoch: 0,
      teachers,
      ...further,
      ...(memory ? { memory } : {}),
    })
    return Object.keys(terms)
  })
}

/** Outputs of an exit that knows nothing; a teacher's features are not asked for. */
function silent(rows: number, classes: number): ExitOutputs {
  const feature = tf.zeros<tf.Rank.R2>([rows, 1]) // [R, 1]
  return { logits: tf.zeros<tf.Rank.R2>([rows, classes]), feature, featureMap: feature } // logits [R, C]
}
