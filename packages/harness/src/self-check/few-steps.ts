import { describeNetwork } from '@mate-bench/nn'
import { createRandom } from '@mate-bench/stats'
import { createLearner } from '../learner.ts'
import { parseSpec } from '../spec.ts'
import { trainStep } from '../train-step.ts'

/**
 * Rounding of float32 through three steps of a network of this size stays four orders below; a gradient that is wrong in
 * one layer is off by per cents.
 */
export const tolerance = 1e-3

/** A small network of everything that training needs: strides, odd sizes, pooling, batch norm, attention, distillation. */
const spec = parseSpec({
  schemaVersion: 1,
  name: 'self-check',
  dataset: { name: 'fashion-mnist-mini' },
  model: {
    backbone: { name: 'resnet', depth: 8, width: 4 },
    exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
    head: { name: 'eed' },
  },
  method: { name: 'mate' },
  training: {
    epochs: 1,
    batchSize: 4,
    optimizer: { name: 'sgd', learningRate: 0.05, nesterov: true },
    schedule: { name: 'constant' },
  },
  evaluation: { protocols: ['anytime'] },
  seeds: [1],
})

const inputShape = [9, 9, 2] as const
const classes = 5
const steps = 3
const seed = 1

/** Losses and weights, one after the other, of a few training steps on noise, on the current backend. */
export async function trainSteps(): Promise<Float32Array> {
  const network = describeNetwork(spec.model, { inputShape: [...inputShape], classes })
  const learner = createLearner({ spec, seed, network, stepsPerEpoch: steps })
  try {
    const random = createRandom(seed, 'self-check')
    const size = spec.training.batchSize
    const pixels = inputShape.reduce((product, length) => product * length, size)
    const losses: number[] = []
    for (let step = 0; step < steps; step++) {
      const batch = {
        images: Float32Array.from({ length: pixels }, () => random.normal()),
        labels: Int32Array.from({ length: size }, () => random.integer(classes)),
        indices: Uint32Array.from({ length: size }, (_, i) => i),
        size,
      }
      const result = await trainStep(
        { ...learner, classes, labelSmoothing: 0.1, gradientClipping: null, trackAttention: true },
        batch,
        { epoch: step / steps, step, learningRate: spec.training.optimizer.learningRate },
      )
      losses.push(result.loss, ...result.attention)
    }
    const weights: Float32Array[] = []
    for (const { variable } of learner.parameters) weights.push((await variable.data()) as Float32Array)
    return Float32Array.from([...losses, ...weights.flatMap((values) => [...values])])
  } finally {
    learner.dispose()
  }
}

/** Largest difference, by the size of the largest value. */
export function relativeDistance(found: Float32Array, expected: Float32Array): number {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const largest = expected.reduce(
    (sofar, value, i) => Math.max(sofar, Math.abs((found[i] ?? Number.NaN) - value)),
    0,
  )
  return largest / scale
}
