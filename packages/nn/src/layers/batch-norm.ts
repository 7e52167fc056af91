/**
 * Batch normalisation over [B, H, W, C], with the ReLU that follows it in the same step.
 *
 * Ioffe, Szegedy. Batch Normalization. ICML 2015, https://arxiv.org/abs/1502.03167, Algorithm 1 and section 3.
 * Sums over B, H and W are matrix products with a row of ones: that is the fastest reduction every backend has.
 *
 * A backend may bring kernels of its own under the names below; they must give what the two composed functions give.
 *   BatchNormTraining      {x, gamma, beta}, {epsilon, relu}  -> [y, mean, variance (biased), inverseStd]
 *   BatchNormTrainingGrad  {x, dy, gamma, beta, mean, inverseStd}, {relu}  -> [dx, dGamma, dBeta]
 */
import * as tf from '@tensorflow/tfjs-core'

export const batchNormTrainingKernel = 'BatchNormTraining'
export const batchNormTrainingGradKernel = 'BatchNormTrainingGrad'

export interface BatchNormForward<T extends tf.Tensor = tf.Tensor> {
  readonly y: T
  /** [C]. */
  readonly mean: tf.Tensor1D
  /** Biased (divided by B x H x W), [C]. */
  readonly variance: tf.Tensor1D
  /** 1 / sqrt(variance + epsilon), [C]. */
  readonly inverseStd: tf.Tensor1D
}

export interface BatchNormGradientInputs {
  readonly x: tf.Tensor
  readonly dy: tf.Tensor
  readonly gamma: tf.Tensor1D
  readonly beta: tf.Tensor1D
  readonly mean: tf.Tensor1D
  readonly inverseStd: tf.Tensor1D
}

function channelsOf(x: tf.Tensor): number {
  return x.shape.at(-1) ?? 1
}

/** Sums of a matrix's columns, [M, C] -> [1, C]. */
function columnSums(x: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(tf.ones<tf.Rank.R2>([1, x.shape[0]]), x)
}

/**
 * The forward pass in core ops.
 *
 * @param x [..., C]
 * @param gamma scale, [C]
 * @param beta shift, [C]
 */
export function batchNormTrainingForward<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  opts: { epsilon: number; relu: boolean },
): BatchNormForward<T> {
  const channels = channelsOf(x)
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, channels]) // [M, C], M = B H W
  const count = rows.shape[0]
  const mean = tf.div<tf.Tensor2D>(columnSums(rows), count) // [1, C]
  const centred = tf.sub<tf.Tensor2D>(rows, mean) // [M, C]
  const variance = tf.div<tf.Tensor2D>(columnSums(tf.square(centred)), count) // [1, C]
  const inverseStd = tf.rsqrt(tf.add<tf.Tensor2D>(variance, opts.epsilon)) // [1, C]
  const shifted = tf.add<tf.Tensor2D>(tf.mul(centred, tf.mul(inverseStd, gamma)), beta) // [M, C]
  return {
    y: tf.reshape(opts.relu ? tf.relu(shifted) : shifted, x.shape) as T,
    mean: tf.reshape(mean, [channels]),
    variance: tf.reshape(variance, [channels]),
    inverseStd: tf.reshape(inverseStd, [channels]),
  }
}

/** The gradient in core ops: [dx, dGamma, dBeta]. Through a ReLU, its mask is worked out again from x. */
export function batchNormTrainingGradient(
  inputs: BatchNormGradientInputs,
  opts: { relu: boolean },
): [tf.Tensor, tf.Tensor1D, tf.Tensor1D] {
  const { x, dy, gamma, beta, mean, inverseStd } = inputs
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

function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined
}

function runForward<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  opts: { epsilon: number; relu: boolean },
): BatchNormForward<T> {
  if (!hasKernel(batchNormTrainingKernel)) return batchNormTrainingForward(x, gamma, beta, opts)
  const outputs = tf.engine().runKernel<tf.Tensor[]>(batchNormTrainingKernel, { x, gamma, beta }, opts)
  const [y, mean, variance, inverseStd] = outputs
  if (!y || !mean || !variance || !inverseStd) throw new TypeError('BatchNormTraining must give four tensors')
  return {
    y: y as T,
    mean: mean as tf.Tensor1D,
    variance: variance as tf.Tensor1D,
    inverseStd: inverseStd as tf.Tensor1D,
  }
}

function runGradient(inputs: BatchNormGradientInputs, opts: { relu: boolean }): tf.Tensor[] {
  if (!hasKernel(batchNormTrainingGradKernel)) return batchNormTrainingGradient(inputs, opts)
  return tf.engine().runKernel<tf.Tensor[]>(batchNormTrainingGradKernel, { ...inputs }, opts)
}

/**
 * Normalises with the batch's own statistics and can be differentiated by x, gamma and beta.
 *
 * @param x [..., C]
 * @param gamma scale, [C]
 * @param beta shift, [C]
 * @param opts.onStatistics gets the batch's mean and biased variance, [C] each, and the count that they were taken
 * over; they are gone after the call
 */
export function batchNormTraining<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  opts: {
    epsilon: number
    relu: boolean
    onStatistics?: (mean: tf.Tensor1D, variance: tf.Tensor1D, count: number) => void
  },
): T {
  const { epsilon, relu, onStatistics } = opts
  const operation = tf.customGrad((...args) => {
    const save = args[3] as unknown as tf.GradSaveFunc
    const { y, mean, variance, inverseStd } = runForward(x, gamma, beta, { epsilon, relu })
    save([x, gamma, beta, mean, inverseStd])
    onStatistics?.(mean, variance, x.size / channelsOf(x))
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedX, savedGamma, savedBeta, savedMean, savedInverseStd] = saved as [
          tf.Tensor,
          tf.Tensor1D,
          tf.Tensor1D,
          tf.Tensor1D,
          tf.Tensor1D,
        ]
        const inputs = {
          x: savedX,
          dy,
          gamma: savedGamma,
          beta: savedBeta,
          mean: savedMean,
          inverseStd: savedInverseStd,
        }
        return runGradient(inputs, { relu })
      },
    }
  })
  return operation(x, gamma, beta) as T
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
