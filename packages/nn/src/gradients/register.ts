/**
 * Derivatives of the tfjs kernels that networks and losses here are made of.
 *
 * tfjs-core keeps its own table of gradients in a file that only a bundler can resolve; its Node build comes
 * without one, and the package that has it brings layers, converters and a WebGL backend along. So the
 * project registers the ones that it needs, and each is tested against central differences.
 * Importing this file is enough.
 */
import * as tf from '@tensorflow/tfjs-core'
import { elementwiseGradients, flatGradients } from './elementwise.ts'
import type { Gradient } from './gradient.ts'
import { layerGradients } from './layers.ts'
import { reductionGradients } from './reductions.ts'
import { shapeGradients } from './shapes.ts'

export const gradients: readonly Gradient[] = [
  ...elementwiseGradients,
  ...flatGradients,
  ...reductionGradients,
  ...shapeGradients,
  ...layerGradients,
]

for (const gradient of gradients) tf.registerGradient(gradient)
