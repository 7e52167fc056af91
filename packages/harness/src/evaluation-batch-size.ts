import { networkInputOf, type Spec } from './spec.ts'

/** As many as 32 images of 224 x 224 have: what all layers hold of them at once fits where training does. */
const pixelsAtOnce = 32 * 224 * 224

/**
 * Images that are evaluated at once. Evaluation needs no gradients, so more fit than in a training step, as long as they
 * are small; the figures do not depend on it.
 */
export function evaluationBatchSize(spec: Spec): number {
  const [height, width] = networkInputOf(spec.dataset).inputShape
  return Math.max(spec.training.batchSize, Math.min(100, Math.floor(pixelsAtOnce / (height * width))))
}
