import { createRandom } from '@mate-bench/stats'
import type { ParameterDescription } from './describe/network.ts'

/** Convolutions: normal with standard deviation sqrt(2 / fan-out), fan-out = kernel area x filters. */
function fillConvolution(values: Float32Array, shape: readonly number[], random: () => number): void {
  const [height = 1, width = 1, , filters = 1] = shape
  // A depthwise kernel is [H, W, C, 1]: each input channel reaches one output channel. For a grouped one all filters
  // count, although a channel reaches those of its group alone, as in the code of ResNeXt's authors.
  const deviation = Math.sqrt(2 / (height * width * filters))
  for (let i = 0; i < values.length; i++) values[i] = deviation * random()
}

/** Linear layers: uniform within 1 / sqrt(fan-in). */
function fillLinear(values: Float32Array, shape: readonly number[], random: () => number): void {
  const bound = 1 / Math.sqrt(shape[0] ?? 1)
  for (let i = 0; i < values.length; i++) values[i] = bound * (2 * random() - 1)
}

/**
 * Initial values of a parameter.
 *
 * He et al., Delving Deep into Rectifiers, ICCV 2015, equation 14 (fan-out form, gain of ReLU) for convolutions;
 * uniform +-1/sqrt(fan-in) for linear weights; biases, beta and running mean 0; gamma and running variance 1.
 * Each parameter has a stream of its own, named after it, so that a new layer changes no other layer's weights.
 *
 * @param seed integer in [0, 2^32 - 1]
 */
export function initialValues(parameter: ParameterDescription, seed: number): Float32Array {
  const { name, role, shape } = parameter
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1))
  const random = createRandom(seed, `weights/${name}`)
  switch (role) {
    case 'kernel':
      if (shape.length === 4) fillConvolution(values, shape, random.normal)
      else fillLinear(values, shape, random.uniform)
      return values
    case 'gamma':
    case 'running-variance':
      return values.fill(1)
    case 'bias':
    case 'beta':
    case 'running-mean':
      return values
  }
}
