import type { Batch } from '@mate-bench/datasets/in-memory'
import type { MethodInstance, MethodNeeds } from '@mate-bench/methods'
import { type ForwardOptions, type Model, predictedLogits, variableGradients } from '@mate-bench/nn'
import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import { rowsOf } from './batch-rows.ts'
import { furtherPasses, tensorsOf } from './further-passes.ts'
import type { ImageMemory } from './image-memory.ts'
import type { Optimizer, TrainableParameter } from './optimizers/optimizer.ts'
import { readTogether } from './read-together.ts'

export interface StepResult {
  /** Total loss and its terms by name. */
  readonly loss: number
  readonly terms: Readonly<Record<string, number>>
  /** Images of the batch that each exit that was computed classifies rightly. */
  readonly correct: readonly number[]
  /** Mean attention rows of the batch, K * K values; where asked for and the method has them. */
  readonly attention: readonly number[]
}

export interface StepOptions {
  readonly model: Model
  /** Frozen networks whose outputs the method asks for; none by default. */
  readonly teachers?: readonly Model[]
  /** What of the network is computed, and what stays as it is; all of it, and nothing, by default. */
  readonly forward?: Pick<ForwardOptions, 'exits' | 'frozen'>
  readonly method: MethodInstance
  /** What the method needs besides the batch and its forward pass. Default: nothing. */
  readonly needs?: MethodNeeds
  /** The frozen copy of the network and the memory of images; where `needs` asks for them. */
  readonly copy?: Model | undefined
  readonly memory?: ImageMemory | undefined
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
 * One training step: further passes, forward, loss, gradients, update. Leaves no tensor behind, and reads the backend once.
 * @throws BenchError `non-finite` when the loss is NaN or infinite; the weights are then untouched
 */
export async function trainStep(
  options: StepOptions,
  batch: Batch,
  position: StepPosition,
): Promise<StepResult> {
  const { model, method, optimizer, parameters, gradientClipping, needs = {} } = options
  const rows = rowsOf(needs, batch.size)
  const images = imagesOf(batch, rows, model.network.inputShape)
  const labels = batch.labels.subarray(0, rows.together)
  const targets = smoothedTargets({ labels, size: rows.together }, options.classes, options.labelSmoothing) // [R, C]
  const classes = tf.tensor1d(labels, 'int32') // [R]
  const memory = remembered(options, batch) // [B, numbersPerImage]
  const kept: tf.Tensor[] = [images.together, targets, classes]
  if (images.apart) kept.push(images.apart)
  if (memory) kept.push(memory)
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    kept.push(tf.keep(tensor))
    return tensor
  }
  try {
    // Off the tape: nothing flows back into a teacher.
    const taught = (options.teachers ?? []).map((teacher) => {
      const outputs = teacher.forward(images.together, { training: false })
      kept.push(...outputs.flatMap(({ logits, feature, featureMap }) => [logits, feature, featureMap]))
      return outputs
    })
    let logits: tf.Tensor2D[] = []
    let terms: [string, tf.Scalar][] = []
    let observed: [string, tf.Scalar][] = []
    let attention: tf.Tensor[] = [] // one, [K, K], or none
    let toRemember: tf.Tensor[] = [] // one, [B, numbersPerImage], or none
    const further = furtherPasses(
      { model, needs, copy: options.copy, forward: options.forward },
      images,
      position,
    )
    kept.push(...tensorsOf(further))
    const { value, gradients } = variableGradients(
      () => {
        const outputs = model.forward(images.together, {
          ...options.forward,
          training: true,
          step: position.step,
          gradientScales: needs.gradientScales,
        })
        const loss = method.loss({
          outputs,
          targets,
          labels: classes,
          epoch: position.epoch,
          teachers: taught,
          ...further,
          ...(memory ? { memory } : {}),
        })
        logits = outputs.map((output) => keep(output.logits))
        terms = Object.entries(loss.terms).map(([name, term]) => [name, keep(term)])
        observed = Object.entries(loss.observed ?? {}).map(([name, term]) => [name, keep(term)])
        if (loss.remembered) toRemember = [keep(loss.remembered)]
        if (options.trackAttention && method.attention) attention = [keep(method.attention(outputs))]
        return loss.total
      },
      parameters.map(({ variable }) => variable),
    )
    kept.push(value, ...Object.values(gradients))
    const correct = countCorrect(model, logits, batch.labels.subarray(0, batch.size))
    const squaredNorms = gradientClipping === null ? [] : Object.values(gradients).map(squaredNorm)
    kept.push(correct, ...squaredNorms)
    const read = await readTogether({
      loss: [value],
      terms: terms.map(([, term]) => term),
      observed: observed.map(([, term]) => term),
      correct: [correct],
      squaredNorms,
      attention,
      toRemember,
    })
    const [loss = Number.NaN] = read.loss.map(first)
    const losses = named(terms, read.terms)
    requireFinite(loss, losses, position)
    const byName = byParameter(parameters, gradients)
    const factor = clippingFactor(read.squaredNorms.map(first), gradientClipping)
    const clipped = factor === 1 ? byName : scaled(byName, factor)
    if (clipped !== byName) kept.push(...Object.values(clipped))
    optimizer.apply(clipped, position.learningRate)
    method.afterStep?.(named(observed, read.observed))
    for (const values of read.toRemember) options.memory?.remember(batch.indices, values)
    return {
      loss,
      terms: losses,
      correct: read.correct.flatMap((counts) => [...counts]),
      attention: read.attention.flatMap((weights) => [...weights]),
    }
  } finally {
    tf.dispose(kept)
  }
}

/** The batch's rows, as its own pass and the pass apart take them. */
function imagesOf(
  { images }: Batch,
  { together, apart }: { readonly together: number; readonly apart: number },
  inputShape: readonly [number, number, number],
) {
  const pixels = inputShape.reduce((product, extent) => product * extent, 1)
  const border = together * pixels
  return {
    together: tf.tensor4d(images.subarray(0, border), [together, ...inputShape]), // [R, H, W, C]
    apart: apart > 0 ? tf.tensor4d(images.subarray(border), [apart, ...inputShape]) : undefined, // [B * count, H, W, C]
  }
}

/** What is remembered of the batch's images, [B, numbersPerImage]; undefined where the method needs no memory. */
function remembered({ needs, memory }: StepOptions, { indices, size }: Batch): tf.Tensor2D | undefined {
  if (!needs?.memory) return undefined
  if (!memory) throw new RangeError('The method needs a memory of images, and the step has none.')
  return tf.tensor2d(memory.recall(indices), [size, needs.memory.numbersPerImage])
}

function first(values: ArrayLike<number>): number {
  return values[0] ?? Number.NaN
}

/** Values that were read, under the names that their tensors have. */
function named(
  tensors: readonly (readonly [string, tf.Scalar])[],
  values: readonly Float32Array[],
): Record<string, number> {
  return Object.fromEntries(tensors.map(([name], i) => [name, first(values[i] ?? [])]))
}

/** One-hot targets with `smoothing` spread evenly over all classes. Szegedy et al., CVPR 2016, section 7. */
export function smoothedTargets(
  batch: Pick<Batch, 'labels' | 'size'>,
  classes: number,
  smoothing: number,
): tf.Tensor2D {
  const values = new Float32Array(batch.size * classes).fill(smoothing / classes)
  for (let i = 0; i < batch.size; i++) {
    const at = i * classes + (batch.labels[i] ?? 0)
    values[at] = 1 - smoothing + smoothing / classes
  }
  return tf.tensor2d(values, [batch.size, classes])
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

function squaredNorm(gradient: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.sum(tf.square(gradient)))
}

/**
 * What to multiply all gradients by so that their joint L2 norm is at most `limit`. Pascanu et al., ICML 2013,
 * algorithm 1.
 */
export function clippingFactor(squaredNorms: readonly number[], limit: number | null): number {
  const norm = Math.sqrt(squaredNorms.reduce((sum, square) => sum + square, 0))
  return limit === null || norm <= limit ? 1 : limit / norm
}

function scaled(gradients: Readonly<Record<string, tf.Tensor>>, factor: number): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]),
  )
}

/**
 * Images of the batch that each exit classifies rightly, [K], in their first view; the first of the largest logits counts.
 * @param labels of the images, [B]: the first rows of the logits [R, C] are theirs
 */
function countCorrect({ network }: Model, logits: readonly tf.Tensor2D[], labels: Int32Array): tf.Tensor1D {
  return tf.tidy(() => {
    const own = logits.map(
      (z): tf.Tensor2D => (z.shape[0] > labels.length ? tf.slice(z, 0, labels.length) : z),
    ) // K x [B, C]
    // The last exit alone, in its own phase, predicts by its own logits.
    const predicted = own.length === network.exits.length ? predictedLogits(network, own) : own
    const classes = tf.argMax(tf.stack([...predicted]), -1) // [K, B]
    const right = tf.equal(classes, tf.tensor1d(labels, 'int32')) // [K, B]
    return tf.sum(tf.cast(right, 'float32'), -1)
  })
}
