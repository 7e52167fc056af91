import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'

/** What the forward pass gives for one exit. */
export interface ExitOutputs {
  /** z_k, [B, C]. */
  readonly logits: Tensor2D
  /** f_k, [B, D_k]. */
  readonly feature: Tensor2D
  /** The head's last feature map before pooling, [B, H, W, D_k]; the feature vector where there is no map. */
  readonly featureMap: Tensor
}
