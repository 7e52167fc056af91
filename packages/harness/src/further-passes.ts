import type { MethodNeeds } from '@mate-bench/methods'
import type { ExitOutputs, ForwardOptions, Model } from '@mate-bench/nn'
import type * as tf from '@tensorflow/tfjs-core'
import { hasCopy } from './network-copy.ts'

export interface FurtherPassesOptions {
  readonly model: Model
  readonly needs: MethodNeeds
  /** The frozen copy, where `needs` asks for one. */
  readonly copy?: Model | undefined
  /** What of the network stays as it is. */
  readonly forward?: Pick<ForwardOptions, 'exits' | 'frozen'> | undefined
}

/** The images of a step as tensors: the rows of its own forward pass, and of the pass apart. */
export interface StepImages {
  readonly together: tf.Tensor4D // [R, H, W, C]
  readonly apart: tf.Tensor4D | undefined // [B * count, H, W, C]
}

/** Outputs of the passes that carry no gradient. The caller disposes them. */
export interface FurtherOutputs {
  readonly partners?: readonly ExitOutputs[]
  readonly copy?: readonly ExitOutputs[]
}

/**
 * The forward passes that a method needs besides the one that is differentiated. They run before the gradient tape is on:
 * what they give is constant by nature, and their activations are gone before the others come.
 *
 * @param epoch epochs done, with fractions
 */
export function furtherPasses(
  { model, needs, copy, forward }: FurtherPassesOptions,
  { together, apart }: StepImages,
  { epoch, step }: { readonly epoch: number; readonly step: number },
): FurtherOutputs {
  const moveStatistics = needs.partners?.movesStatistics ?? false
  const withCopy = copy !== undefined && hasCopy(needs, Math.floor(epoch))
  return {
    ...(apart
      ? {
          partners: model.forward(apart, {
            ...forward,
            training: true,
            step,
            moveStatistics,
            pass: 'partners',
          }),
        }
      : {}),
    ...(withCopy ? { copy: copy.forward(together, { training: false }) } : {}),
  }
}

/** The tensors of further outputs, to be disposed. */
export function tensorsOf({ partners = [], copy = [] }: FurtherOutputs): tf.Tensor[] {
  return [...partners, ...copy].flatMap(({ logits, feature, featureMap }) => [logits, feature, featureMap])
}
