/**
 * DDGSD, data-distortion guided self-distillation: two views of an image, augmented apart, teach each other.
 *
 * Xu, Liu, "Data-Distortion Guided Self-Distillation for Deep Neural Networks", AAAI 2019, p. 5565-5572, doi
 * 10.1609/aaai.v33i01.33015565. For the views a and b of a batch, and applied to every exit:
 *
 *   L = sum_k [ CE(z_k^a, y) + CE(z_k^b, y) + lambda T^2 (KL(p_k^b || p_k^a) + KL(p_k^a || p_k^b)) + mu MMD(f_k^a, f_k^b) ]
 *   MMD(f, g) = || mean over the batch of f - mean over the batch of g ||^2
 *
 * with p = softmax(z / T), and the teaching side of each divergence a constant. The paper's text was not open to us and it
 * has no code; the terms, lambda = 1 and mu of 1e-4 to 5e-4 are as reviews of it print them. The rest follows the
 * implementation whose results are published (github.com/winycg/Self-KD-Lib, methods/ddsgd.py at bd3bb62, main.py at
 * 3c6422e): T = 4, mu = 5e-4, stopped teachers, both views in one forward pass.
 *
 * Not copied from that implementation: its cross-entropy is half of the mean over both views, a quarter of the sum here;
 * and its MMD is the square of one number, the difference of the means over batch and channels.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { lossWeight, temperature } from './option-ranges.ts'
import { stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('ddgsd'),
  temperature: temperature.default(4).describe('Softening T of both predictions.'),
  lambda: lossWeight.default(1).describe('Weight of the divergences between the views.'),
  mu: lossWeight.default(5e-4).describe('Weight of the distance between the views’ mean features (MMD).'),
})

export const ddgsd: Method<typeof options> = {
  name: 'ddgsd',
  title: 'Data-distortion guided self-distillation (DDGSD)',
  citation:
    'T.-B. Xu, C.-L. Liu. Data-Distortion Guided Self-Distillation for Deep Neural Networks. AAAI 2019, 5565-5572. https://doi.org/10.1609/aaai.v33i01.33015565',
  summary:
    'Each step sees every image twice, with independent augmentation. Every exit learns from the labels in both views, and from its own prediction for the other view.',
  options,
  minimumExits: 1,
  needs: () => ({ views: 2 }),

  bind({ temperature, lambda, mu }) {
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input) // means over both views
        const kd = input.outputs.map(({ logits }) => {
          const [a, b] = tf.split(logits, 2) as [tf.Tensor2D, tf.Tensor2D] // [B, C] each
          const both = tf.add(
            klDivergence(stopGradient(b), a, temperature),
            klDivergence(stopGradient(a), b, temperature),
          )
          return tf.mul(both, lambda * temperature ** 2) as tf.Scalar
        })
        const mmd = input.outputs.map(({ feature }) => {
          const [a, b] = tf.split(feature, 2) as [tf.Tensor2D, tf.Tensor2D] // [B, D] each
          return tf.mul(tf.sum(tf.square(tf.mean(tf.sub(a, b), 0))), mu) as tf.Scalar
        })
        const both = ce.map((loss) => tf.mul(loss, 2) as tf.Scalar)
        return {
          total: total([...both, ...kd, ...mmd]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd), ...exitTerms('mmd', mmd) },
        }
      },
      dispose() {},
    }
  },
}
