import * as tf from '@tensorflow/tfjs-core'
import { createOptimizer } from '../../packages/harness/src/optimizers/registry.ts'
import { trainStep } from '../../packages/harness/src/train-step.ts'
import { bindMethod, type MethodOptions, methodOptions } from '../../packages/methods/src/index.ts'
import { backboneOptions, createModel, describeNetwork, headOptions } from '../../packages/nn/src/index.ts'
import { createRandom } from '../../packages/stats/src/index.ts'
import { distance, type GroupResult } from './compare.ts'

const steps = 10
const seed = 3

/** Rounding grows from step to step: this is what it may have become after ten. */
const tolerance = 2e-3

interface Trace {
  readonly losses: readonly number[]
  /** All trainable parameters, one after the other, after the last step. */
  readonly parameters: Float32Array
}

/** Ten training steps of a small three-exit network on noise, on the current backend. */
async function trace(options: MethodOptions): Promise<Trace> {
  const network = describeNetwork(
    {
      backbone: backboneOptions.parse({ name: 'resnet', depth: 8, width: 4 }),
      exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
      head: headOptions.parse({ name: 'eed' }),
    },
    { inputShape: [9, 9, 2], classes: 5 },
  )
  const model = createModel(network, seed)
  const shapes = new Map(network.nodes.map(({ name, shape }) => [name, shape]))
  const method = bindMethod(options, {
    exits: network.exits.map(({ k, featureWidth, featureMap }) => ({
      k,
      featureWidth,
      featureMapShape: shapes.get(featureMap) ?? [featureWidth],
    })),
    classes: network.classes,
    epochs: 1,
    stepsPerEpoch: steps,
    seed,
  })
  const parameters = [
    ...model.parameters.flatMap(({ name, role, trainable }) => {
      const variable = model.variables.get(name)
      return trainable && variable ? [{ name, variable, decay: role === 'kernel' }] : []
    }),
    ...method.parameters.map(({ name, variable }) => ({ name, variable, decay: false })),
  ]
  const optimizer = createOptimizer(
    {
      name: 'sgd',
      learningRate: 0.05,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 1e-4,
      decayNormAndBias: false,
    },
    parameters,
  )
  const random = createRandom(seed, 'conformance')
  const size = 8
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    const images = Float32Array.from({ length: size * 9 * 9 * 2 }, () => random.normal())
    const labels = Int32Array.from({ length: size }, () => random.integer(5))
    const { loss } = await trainStep(
      {
        model,
        method,
        optimizer,
        parameters,
        classes: 5,
        labelSmoothing: 0.1,
        gradientClipping: null,
        trackAttention: false,
      },
      { images, labels, indices: Uint32Array.from({ length: size }, (_, i) => i), size },
      { epoch: step / steps, step, learningRate: 0.05 },
    )
    losses.push(loss)
  }
  const values: number[] = []
  for (const { variable } of parameters) values.push(...(await variable.data()))
  optimizer.dispose()
  method.dispose()
  model.dispose()
  return { losses, parameters: Float32Array.from(values) }
}

/** Compares ten training steps of `joint` and of `mate` on `backend` with the same on cpu. */
export async function compareTraces(backend: string): Promise<GroupResult> {
  const result: GroupResult = {
    group: `training, ${steps} steps`,
    cases: 0,
    maxAbsoluteError: 0,
    maxRelativeError: 0,
    failures: [],
  }
  const methods = ['joint', 'mate'].map((name) => methodOptions.parse({ name }))
  for (const options of methods) {
    await tf.setBackend(backend)
    const before = tf.memory().numTensors
    const found = await trace(options)
    if (tf.memory().numTensors !== before) result.failures.push(`${options.name}: tensors are left behind`)
    const again = await trace(options)
    await tf.setBackend('cpu')
    const expected = await trace(options)
    for (const part of ['losses', 'parameters'] as const) {
      const { absolute, relative } = distance(found[part], expected[part])
      result.maxAbsoluteError = Math.max(result.maxAbsoluteError, absolute)
      result.maxRelativeError = Math.max(result.maxRelativeError, relative)
      if (!(relative <= tolerance))
        result.failures.push(`${options.name}, ${part}: off by ${relative.toExponential(1)}`)
      if (distance(again[part], found[part]).absolute !== 0) {
        result.failures.push(`${options.name}, ${part}: not the same when trained again`)
      }
    }
  }
  return { ...result, cases: methods.length }
}
