/**
 * Batch normalisation over [B, H, W, C], with the ReLU that follows it in the same step.
 *
 * Ioffe, Szegedy. Batch Normalization. ICML 2015, https://arxiv.org/abs/1502.03167, Algorithm 1 and section 3.
 * Sums over B, H and W are matrix products with a row of ones: that is the fastest reduction every backend has.
 *
 * A backend may bring kernels of its own under the names below; they must give what the two composed functions give.
 * `mean` and `variance` are the running statistics, `saved` whatever a backend's own gradient wants back (at most four).
 *   BatchNormTraining      {x [B, H, W, C], gamma, beta, mean, variance}, {epsilon, momentum, relu}
 *                          -> [y, mean and variance with this batch in them, ...saved]
 *   BatchNormTrainingGrad  {x, y, dy, gamma, beta, saved0, saved1, ...}, {epsilon, relu}  -> [dx, dGamma, dBeta]
 */
import * as tf from '@tensorflow/tfjs-core'

export const batchNormTrainingKernel = 'BatchNormTraining'
export const batchNormTrainingGradKernel = 'BatchNormTrainingGrad'

/** Scale, shift and running statistics, [C] each. */
export interface BatchNormParameters {
  readonly gamma: tf.Tensor1D
  readonly beta: tf.Tensor1D
  readonly mean: tf.Tensor1D
  readonly variance: tf.Tensor1D
}

export interface BatchNormForward<T extends tf.Tensor = tf.Tensor> {
  readonly y: T
  /** The running mean, moved towards the batch's, [C]. */
  readonly mean: tf.Tensor1D
  /** The running variance, moved towards the batch's unbiased one, [C]. */
  readonly variance: tf.Tensor1D
  /** What the gradient is given back; of the composed form the batch's mean and 1 / sqrt(variance + epsilon), [C]. */
  readonly saved: readonly tf.Tensor[]
}

export interface BatchNormGradientInputs {
  readonly x: tf.Tensor
  readonly y: tf.Tensor
  readonly dy: tf.Tensor
  readonly gamma: tf.Tensor1D
  readonly beta: tf.Tensor1D
  readonly saved: readonly tf.Tensor[]
}

interface ForwardOptions {
  readonly epsilon: number
  /** Weight of the new batch in the running statistics. */
  readonly momentum: number
  readonly relu: boolean
}

function channelsOf(x: tf.Tensor): number {
  return x.shape.at(-1) ?? 1
}

/** Sums of a matrix's columns, [M, C] -> [1, C]. */
function columnSums(x: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(tf.ones<tf.Rank.R2>([1, x.shape[0]]), x)
}

/** running = (1 - momentum) * running + momentum * batch. */
function moved(running: tf.Tensor1D, batch: tf.Tensor, momentum: number): tf.Tensor1D {
  return tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum))
}

/**
 * The forward pass in core ops.
 *
 * @param x [..., C]
 */
export function batchNormTrainingForward<T extends tf.Tensor>(
  x: T,
  { gamma, beta, mean: runningMean, variance: runningVariance }: BatchNormParameters,
  { epsilon, momentum, relu }: ForwardOptions,
): BatchNormForward<T> {
  const channels = channelsOf(x)
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, channels]) // [M, C], M = B H W
  const count = rows.shape[0]
  const mean = tf.div<tf.Tensor2D>(columnSums(rows), count) // [1, C]
  const centred = tf.sub<tf.Tensor2D>(rows, mean) // [M, C]
  const variance = tf.div<tf.Tensor2D>(columnSums(tf.square(centred)), count) // [1, C]
  const inverseStd = tf.rsqrt(tf.add<tf.Tensor2D>(variance, epsilon)) // [1, C]
  const shifted = tf.add<tf.Tensor2D>(tf.mul(centred, tf.mul(inverseStd, gamma)), beta) // [M, C]
  // The running variance is fed with the unbiased estimate, as the usual frameworks do.
  const unbiased = tf.mul(variance, count / Math.max(1, count - 1))
  return {
    y: tf.reshape(relu ? tf.relu(shifted) : shifted, x.shape) as T,
    mean: moved(runningMean, tf.reshape(mean, [channels]), momentum),
    variance: moved(runningVariance, tf.reshape(unbiased, [channels]), momentum),
    saved: [tf.reshape(mean, [channels]), tf.reshape(inverseStd, [channels])],
  }
}

/** The gradient in core ops: [dx, dGamma, dBeta]. Through a ReLU, its mask is worked out again from x. */
export function batchNormTrainingGradient(
  inputs: BatchNormGradientInputs,
  opts: { relu: boolean },
): [tf.Tensor, tf.Tensor1D, tf.Tensor1D] {
  const { x, dy, gamma, beta } = inputs
  const [mean, inverseStd] = inputs.saved as [tf.Tensor1D, tf.Tensor1D]
  const channels = channelsOf(x)
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, channels]) // [M, C]
  const count = rows.shape[0]
  const normalised = tf.mul<tf.Tensor2D>(tf.sub(rows, mean), inverseStd) // [M, C]
  let upstream = tf.reshape<tf.Rank.R2>(dy, [-1, channels]) // [M, C]
  if (opts.relu) {
    const beforeRelu = tf.add(tf.mul(normalised, gamma), beta)
    upstream = tf.mul(upstream, tf.step(beforeRelu))
  }
  const dBeta = columnSums(upstream) // [1, C]
  const dGamma = columnSums(tf.mul(upstream, normalised)) // [1, C]
  const projected = tf.add(tf.div(dBeta, count), tf.mul(normalised, tf.div(dGamma, count))) // [M, C]
  const dx = tf.mul(tf.sub(upstream, projected), tf.mul(gamma, inverseStd)) // [M, C]
  return [tf.reshape(dx, x.shape), tf.reshape(dGamma, [channels]), tf.reshape(dBeta, [channels])]
}

/** Whether the current backend brings the kernel for such a tensor. */
function hasKernel(name: string, x: tf.Tensor): boolean {
  return x.rank === 4 && tf.getKernel(name, tf.getBackend()) !== undefined
}

function runForward<T extends tf.Tensor>(
  x: T,
  parameters: BatchNormParameters,
  opts: ForwardOptions,
): BatchNormForward<T> {
  if (!hasKernel(batchNormTrainingKernel, x)) return batchNormTrainingForward(x, parameters, opts)
  const outputs = tf
    .engine()
    .runKernel<tf.Tensor[]>(batchNormTrainingKernel, { x, ...parameters }, { ...opts })
  const [y, mean, variance, ...saved] = outputs
  if (!y || !mean || !variance) throw new TypeError('BatchNormTraining must give three tensors or more')
  return { y: y as T, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D, saved }
}

function runGradient(
  { saved, ...inputs }: BatchNormGradientInputs,
  opts: { epsilon: number; relu: boolean },
): tf.Tensor[] {
  if (!hasKernel(batchNormTrainingGradKernel, inputs.x)) {
    return batchNormTrainingGradient({ saved, ...inputs }, opts)
  }
  const named = Object.fromEntries(saved.map((tensor, i) => [`saved${i}`, tensor]))
  return tf.engine().runKernel<tf.Tensor[]>(batchNormTrainingGradKernel, { ...inputs, ...named }, opts)
}

/**
 * Normalises with the batch's own statistics and can be differentiated by x, gamma and beta.
 *
 * @param x [..., C]
 * @param opts.onMoved gets the running mean and variance with this batch in them, [C] each; they are gone after the call
 */
export function batchNormTraining<T extends tf.Tensor>(
  x: T,
  parameters: BatchNormParameters,
  opts: ForwardOptions & { onMoved?: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void },
): T {
  const { epsilon, momentum, relu, onMoved } = opts
  const operation = tf.customGrad((...args) => {
    const save = args[3] as unknown as tf.GradSaveFunc
    const { y, mean, variance, saved } = runForward(x, parameters, { epsilon, momentum, relu })
    save([x, y, parameters.gamma, parameters.beta, ...saved])
    onMoved?.(mean, variance)
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => {
        const [keptX, keptY, gamma, beta, ...rest] = kept as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor1D,
          tf.Tensor1D,
          ...tf.Tensor[],
        ]
        return runGradient({ x: keptX, y: keptY, dy, gamma, beta, saved: rest }, { epsilon, relu })
      },
    }
  })
  return operation(x, parameters.gamma, parameters.beta) as T
}

/** Per-channel multiplier and shift that running statistics amount to: y = x * scale + shift. */
export function foldBatchNorm(
  parameters: { gamma: tf.Tensor; beta: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor },
  epsilon: number,
): { scale: tf.Tensor1D; shift: tf.Tensor1D } {
  const { gamma, beta, mean, variance } = parameters
  const scale = tf.mul<tf.Tensor1D>(gamma, tf.rsqrt(tf.add(variance, epsilon))) // [C]
  return { scale, shift: tf.sub(beta, tf.mul(mean, scale)) }
}
