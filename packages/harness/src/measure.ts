import type { Batch } from '@mate-bench/datasets'
import { bindMethod } from '@mate-bench/methods'
import { costLedger, createModel, type Network } from '@mate-bench/nn'
import { createRandom } from '@mate-bench/stats'
import { createOptimizer } from './optimizers/registry.ts'
import { trainStep } from './train-step.ts'

export interface MeasuredStep {
  /** Fastest of the measured steps: what the machine does when nothing else disturbs it. */
  readonly secondsPerStep: number
  /** Median of the measured steps. */
  readonly medianSecondsPerStep: number
  readonly imagesPerSecond: number
  /** Training counted as three forward passes (forward, gradient by activations, gradient by weights). */
  readonly gflopPerSecond: number
  /** Of the whole network with all heads, per image. */
  readonly forwardFlops: number
}

export interface MeasureOptions {
  readonly network: Network
  readonly batchSize: number
  /** Measured steps, at least 1; two more are taken first to warm up. */
  readonly steps: number
}

/** Training steps on noise, one after the other, to be timed or looked into. Owns a model: dispose it. */
export interface StepOnNoise {
  step(): Promise<void>
  dispose(): void
}

const seed = 0

/** Prepares joint training with SGD, as most specs do it, on images of noise. */
export function createStepOnNoise(network: Network, batchSize: number): StepOnNoise {
  const model = createModel(network, seed)
  const method = bindMethod(
    { name: 'joint', weights: null },
    {
      exits: network.exits.map(({ k, featureWidth }) => ({
        k,
        featureWidth,
        featureMapShape: [featureWidth],
      })),
      classes: network.classes,
      epochs: 1,
      stepsPerEpoch: 1,
      seed,
    },
  )
  const parameters = model.parameters.flatMap(({ name, role, trainable }) => {
    const variable = model.variables.get(name)
    return trainable && variable ? [{ name, variable, decay: role === 'kernel' }] : []
  })
  const optimizer = createOptimizer(
    {
      name: 'sgd',
      // Small enough that noise can't make the loss run away over many steps.
      learningRate: 1e-4,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 1e-4,
      decayNormAndBias: false,
    },
    parameters,
  )
  const options = {
    model,
    method,
    optimizer,
    parameters,
    classes: network.classes,
    labelSmoothing: 0,
    gradientClipping: null,
    trackAttention: false,
  }
  const batch = noise(network, batchSize)
  return {
    async step() {
      await trainStep(options, batch, { epoch: 0, step: 0, learningRate: 1e-4 })
    },
    dispose() {
      optimizer.dispose()
      method.dispose()
      model.dispose()
    },
  }
}

function noise(network: Network, size: number): Batch {
  const random = createRandom(seed, 'measure')
  const pixels = network.inputShape.reduce((product, length) => product * length, size)
  return {
    images: Float32Array.from({ length: pixels }, () => random.normal()),
    labels: Int32Array.from({ length: size }, () => random.integer(network.classes)),
    indices: Uint32Array.from({ length: size }, (_, i) => i),
    size,
  }
}

/** FLOPs of one forward pass of the whole network with all heads, per image: 2 x MACs. */
export function forwardFlops(network: Network): number {
  return costLedger(network, 'macs').reduce((sum, { macs }) => sum + 2 * macs, 0)
}

/** Times training steps of `network` on the current tfjs backend. */
export async function measureTrainingStep(options: MeasureOptions): Promise<MeasuredStep> {
  const { network, batchSize, steps } = options
  const onNoise = createStepOnNoise(network, batchSize)
  try {
    for (let i = 0; i < 2; i++) await onNoise.step()
    const seconds: number[] = []
    for (let i = 0; i < Math.max(1, steps); i++) {
      const began = performance.now()
      await onNoise.step()
      seconds.push((performance.now() - began) / 1000)
    }
    seconds.sort((a, b) => a - b)
    const secondsPerStep = seconds[0] ?? Number.NaN
    const flops = forwardFlops(network)
    return {
      secondsPerStep,
      medianSecondsPerStep: seconds[Math.floor(seconds.length / 2)] ?? Number.NaN,
      imagesPerSecond: batchSize / secondsPerStep,
      gflopPerSecond: (3 * flops * batchSize) / secondsPerStep / 1e9,
      forwardFlops: flops,
    }
  } finally {
    onNoise.dispose()
  }
}
