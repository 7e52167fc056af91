import type { Random } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { createLinearMap } from './linear-map.ts'
import type { MethodContext, TrainingParameter } from './method.ts'

/** Brings the feature vectors of all exits to one width, D of the last exit. */
export interface FeatureProjection {
  /** `projection${k}.weight`, [D_k, D], one for each exit whose width differs; empty where all agree. */
  readonly parameters: readonly TrainingParameter[]
  /** [B, D_k] each, shallowest first, to [B, D] each. A feature of width D is returned as it is. */
  project(features: readonly tf.Tensor2D[]): tf.Tensor2D[]
}

/**
 * Some heads (`linear`, MSDNet's) give each exit a feature of its own width, which methods that compare or
 * attend over features can't use as it is. A linear map without bias, trained with the method and dropped at
 * inference, takes each such feature to the last exit's width.
 */
export function createFeatureProjection(context: MethodContext, random: Random): FeatureProjection {
  const width = context.exits.at(-1)?.featureWidth ?? 0
  const maps = context.exits.map((exit) =>
    exit.featureWidth === width ? undefined : createLinearMap(exit.featureWidth, width, random),
  )
  return {
    parameters: maps.flatMap((variable, index) =>
      variable === undefined ? [] : [{ name: `projection${index + 1}.weight`, variable }],
    ),
    project: (features) =>
      features.map((feature, index) => {
        const map = maps[index]
        return map === undefined ? feature : tf.matMul(feature, map as tf.Tensor2D) // [B, D]
      }),
  }
}

/** Whether the exits' last feature maps have one shape, so that they can be compared or laid side by side. */
export function mapsAgree({ exits }: Pick<MethodContext, 'exits'>): boolean {
  return new Set(exits.map(({ featureMapShape }) => featureMapShape.join('x'))).size === 1
}

/** Multiply-accumulates of projecting the features of one image. */
export function projectionMacs(featureWidths: readonly number[]): number {
  const width = featureWidths.at(-1) ?? 0
  return featureWidths.reduce((sum, own) => (own === width ? sum : sum + own * width), 0)
}

/** Frees the variables of training parameters. */
export function disposeParameters(parameters: readonly TrainingParameter[]): void {
  for (const { variable } of parameters) variable.dispose()
}
