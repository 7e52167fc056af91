import type { Batch } from '@mate-bench/datasets'
import type { MethodInstance } from '@mate-bench/methods'
import type { Model } from '@mate-bench/nn'
import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer, TrainableParameter } from './optimizers/optimizer.ts'

export interface StepResult {
  /** Total loss and its terms by name. */
  readonly loss: number
  readonly terms: Readonly<Record<string, number>>
  /** Images of the batch that each exit classifies rightly. */
  readonly correct: readonly number[]
  /** Mean attention rows of the batch, K * K values; where asked for and the method has them. */
  readonly attention: readonly number[]
}

export interface StepOptions {
  readonly model: Model
  readonly method: MethodInstance
  readonly optimizer: Optimizer
  readonly parameters: readonly TrainableParameter[]
  readonly classes: number
  readonly labelSmoothing: number
  readonly gradientClipping: number | null
  /** Whether the method's attention is wanted. */
  readonly trackAttention: boolean
}

/** Where a step stands: `epoch` counts with fractions, `step` over the whole run. */
export interface StepPosition {
  readonly epoch: number
  readonly step: number
  readonly learningRate: number
}

/**
 * One training step: forward, loss, gradients, update. Leaves no tensor behind.
 * @throws BenchError `non-finite` when the loss is NaN or infinite; the weights are then untouched
 */
export function trainStep(options: StepOptions, batch: Batch, position: StepPosition): StepResult {
  const { model, method, optimizer, parameters } = options
  const images = tf.tensor4d(batch.images, [batch.size, ...model.network.inputShape]) // [B, H, W, C]
  const targets = smoothedTargets(batch, options.classes, options.labelSmoothing) // [B, C]
  const kept: tf.Tensor[] = [images, targets]
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    kept.push(tf.keep(tensor))
    return tensor
  }
  try {
    let logits: tf.Tensor[] = []
    let scalars: [string, tf.Scalar][] = []
    let observed: [string, tf.Scalar][] = []
    let attention: tf.Tensor | undefined // [K, K]
    const { value, grads } = tf.variableGrads(
      () => {
        const outputs = model.forward(images, { training: true, step: position.step })
        const loss = method.loss({ outputs, targets, epoch: position.epoch })
        logits = outputs.map((output) => keep(output.logits))
        scalars = Object.entries(loss.terms).map(([name, term]) => [name, keep(term)])
        observed = Object.entries(loss.observed ?? {}).map(([name, term]) => [name, keep(term)])
        if (options.trackAttention && method.attention) attention = keep(method.attention(outputs))
        return loss.total
      },
      parameters.map(({ variable }) => variable),
    )
    kept.push(value, ...Object.values(grads))
    const [loss = Number.NaN, ...values] = readScalars([
      value,
      ...scalars.map(([, term]) => term),
      ...observed.map(([, term]) => term),
    ])
    const terms = Object.fromEntries(scalars.map(([name], i) => [name, values[i] ?? Number.NaN]))
    requireFinite(loss, terms, position)
    const gradients = byParameter(parameters, grads)
    const clipped = clipByGlobalNorm(gradients, options.gradientClipping)
    if (clipped !== gradients) kept.push(...Object.values(clipped))
    optimizer.apply(clipped, position.learningRate)
    method.afterStep?.(
      Object.fromEntries(observed.map(([name], i) => [name, values[scalars.length + i] ?? Number.NaN])),
    )
    return {
      loss,
      terms,
      correct: logits.map((z) => countCorrect(z, batch.labels)),
      attention: attention ? Array.from(attention.dataSync()) : [],
    }
  } finally {
    tf.dispose(kept)
  }
}

/** One-hot targets with `smoothing` spread evenly over all classes. Szegedy et al., CVPR 2016, section 7. */
export function smoothedTargets(batch: Batch, classes: number, smoothing: number): tf.Tensor2D {
  const values = new Float32Array(batch.size * classes).fill(smoothing / classes)
  for (let i = 0; i < batch.size; i++) {
    const at = i * classes + (batch.labels[i] ?? 0)
    values[at] = 1 - smoothing + smoothing / classes
  }
  return tf.tensor2d(values, [batch.size, classes])
}

/** One read for all: a scalar each would cost a synchronisation each on a GPU. */
function readScalars(scalars: readonly tf.Scalar[]): number[] {
  return tf.tidy(() => Array.from(tf.stack(scalars.map((scalar) => tf.reshape(scalar, []))).dataSync()))
}

function requireFinite(loss: number, terms: Readonly<Record<string, number>>, position: StepPosition): void {
  if (Number.isFinite(loss)) return
  const parts = Object.entries(terms)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
  throw new BenchError({
    code: 'non-finite',
    message: `The loss became ${loss} at step ${position.step + 1} (epoch ${Math.floor(position.epoch) + 1}): ${parts}.`,
    hint: 'Lower training.optimizer.learningRate, add schedule.warmupEpochs, or set training.gradientClipping.',
  })
}

function byParameter(
  parameters: readonly TrainableParameter[],
  grads: Readonly<Record<string, tf.Tensor>>,
): Record<string, tf.Tensor> {
  const gradients: Record<string, tf.Tensor> = {}
  for (const { name, variable } of parameters) {
    const gradient = grads[variable.name]
    if (gradient) gradients[name] = gradient
  }
  return gradients
}

/** Scales all gradients so that their joint L2 norm is at most `limit`. Pascanu et al., ICML 2013, algorithm 1. */
export function clipByGlobalNorm(
  gradients: Record<string, tf.Tensor>,
  limit: number | null,
): Record<string, tf.Tensor> {
  if (limit === null) return gradients
  const squares = readScalars(
    Object.values(gradients).map((g) => tf.tidy(() => tf.sum<tf.Scalar>(tf.square(g)))),
  )
  const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0))
  if (norm <= limit) return gradients
  return Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.mul(g, limit / norm)]))
}

function countCorrect(logits: tf.Tensor, labels: Int32Array): number {
  const values = logits.dataSync()
  const classes = logits.shape[1] ?? 1
  let correct = 0
  for (let i = 0; i < labels.length; i++) {
    let best = 0
    for (let c = 1; c < classes; c++) {
      if ((values[i * classes + c] ?? 0) > (values[i * classes + best] ?? 0)) best = c
    }
    if (best === labels[i]) correct++
  }
  return correct
}
