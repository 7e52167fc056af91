/**
 * BAKE, batch knowledge ensembling: the target of an image is an ensemble of what the network says of all images of the
 * batch, weighted by how alike their features are.
 *
 * Ge, Zhang, Choi, Cheung, Zhao, Zhu, Wang, Zhao, Li, "Self-distillation with Batch Knowledge Ensembling Improves ImageNet
 * Classification", 2021, arXiv:2104.13298, section 3. With the batch's N images, and applied to every exit (k left out):
 *
 *   A_ij = softmax over j != i of <f_i, f_j>, features of length 1;  A_ii = 0
 *   Q = (1 - omega) (I - omega A)^-1 P,   P = softmax(z / T), rows images
 *   L = CE(z, y) + lambda T^2 KL(Q || softmax(z / T)),   Q is a constant
 *
 * omega = 0.5, T = 4, lambda = 1, and for each of the images that an epoch visits M = 3 others of its class are in the
 * batch, as in the authors' code for small data sets (github.com/yxgeee/BAKE, small_scale/train.py and datasets.py at
 * dffb89c). There a batch of 128 is 32 images with 3 others each: `training.batchSize` counts the 32, since an epoch visits
 * every image once among them. All of them are classified and learn.
 *
 * What differs: the inverse is the limit of the sum of (omega A)^n over n, and is computed as the product of
 * I + (omega A)^(2^j), which needs matrix products alone; it ends where what is left out is below float32's precision.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { divergenceFrom } from './loss/divergence-from.ts'
import type { Method } from './method.ts'
import { lossWeight, temperature } from './option-ranges.ts'
import { constant } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('bake'),
  temperature: temperature.default(4).describe('Softening T of both predictions.'),
  lambda: lossWeight.default(1).describe('Weight of the divergence from the ensemble.'),
  omega: z
    .number()
    .min(0)
    .max(0.99)
    .default(0.5)
    .describe('Share of the other images in an image’s ensemble at each propagation step.'),
  sameClass: z
    .int()
    .min(1)
    .max(15)
    .default(3)
    .describe('M: further images of the same class in the batch for each image, in addition to batchSize.'),
})

export const bake: Method<typeof options> = {
  name: 'bake',
  title: 'Batch knowledge ensembling (BAKE)',
  citation:
    'Y. Ge, X. Zhang, C. L. Choi, K. C. Cheung, P. Zhao, F. Zhu, X. Wang, R. Zhao, H. Li. Self-distillation with Batch Knowledge Ensembling Improves ImageNet Classification. 2021. https://arxiv.org/abs/2104.13298',
  summary:
    'Every exit learns from the labels and from an ensemble of its own predictions for similar images in the batch, weighted by feature similarity. Batches contain several images of each class.',
  options,
  minimumExits: 1,
  needs: ({ sameClass }) => ({ partners: { count: sameClass, distinct: true, pass: 'together' } }),

  bind({ temperature, lambda, omega }) {
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const kd = input.outputs.map(({ logits, feature }) => {
          const ensemble = constant(() =>
            batchEnsemble(feature, tf.softmax(tf.div(logits, temperature)), omega),
          )
          return tf.mul(divergenceFrom(ensemble, logits, temperature), lambda * temperature ** 2) as tf.Scalar
        })
        return { total: total([...ce, ...kd]), terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) } }
      },
      dispose() {},
    }
  },
}

/** What (omega A)^n is let fall to: below half a unit in the last place of float32. */
const negligible = 2 ** -25

/**
 * Q = (1 - omega) (I - omega A)^-1 P, [N, C].
 * @param features [N, D]
 * @param predictions P, [N, C]
 */
function batchEnsemble(features: tf.Tensor2D, predictions: tf.Tensor2D, omega: number): tf.Tensor2D {
  const images = features.shape[0]
  const length = tf.maximum(tf.norm(features, 2, 1, true), 1e-12) // [N, 1]
  const directions = tf.div<tf.Tensor2D>(features, length) // [N, D]
  const itself = tf.mul(tf.eye(images), 1e9) // [N, N]
  const likeness = tf.softmax(tf.sub(tf.matMul(directions, directions, false, true), itself)) // A, [N, N]
  let power = tf.mul<tf.Tensor2D>(likeness, omega) // (omega A)^(2^j)
  let sum = tf.mul<tf.Tensor2D>(predictions, 1 - omega)
  for (let left = omega; left > negligible; left *= left) {
    sum = tf.add(sum, tf.matMul(power, sum))
    power = tf.matMul(power, power)
  }
  return sum
}
