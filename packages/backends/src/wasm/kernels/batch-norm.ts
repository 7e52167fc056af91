import * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { input } from './kernel.ts'

/**
 * Rows that are gone through strip by strip of their channels: about a kilobyte, so that memory is read from one end to the
 * other, as the processor expects.
 */
function rowBlock(channels: number): number {
  return Math.min(64, Math.max(4, Math.floor(256 / channels)))
}

function rowsAndChannels(x: tf.TensorInfo): readonly [number, number] {
  const channels = x.shape.at(-1) ?? 0
  return [channels === 0 ? 0 : tf.util.sizeFromShape(x.shape) / channels, channels]
}

/** scale = gamma * inverseStd, written to `to`. */
function writeScale(to: Float32Array, gamma: Float32Array, inverseStd: Float32Array): void {
  for (let c = 0; c < to.length; c++) to[c] = (gamma[c] ?? 0) * (inverseStd[c] ?? 0)
}

/** running = (1 - momentum) * running + momentum * batch, rounded to float32 at each step as core ops do. */
function moved(running: number, batch: number, momentum: number): number {
  const { fround } = Math
  return fround(fround(running * fround(1 - momentum)) + fround(fround(batch) * fround(momentum)))
}

/**
 * BatchNormTraining: x [B, H, W, C]; gamma, beta and the running mean and variance [C] -> y [B, H, W, C], the running
 * mean and variance with this batch in them, and for the gradient the batch's mean and inverse standard deviation [C].
 * One pass for the sums, one for the result.
 *
 * Ioffe & Szegedy, "Batch Normalization", ICML 2015, algorithm 1. With `relu`, y is cut at zero.
 */
export function batchNormTraining(heap: Heap): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const gamma = input(inputs, 'gamma')
    const beta = input(inputs, 'beta')
    const epsilon = Number(attrs?.epsilon)
    const momentum = Number(attrs?.momentum)
    const [rows, channels] = rowsAndChannels(x)
    const y = heap.allocate(x.shape)
    const [movedMean, movedVariance, mean, inverseStd] = Array.from({ length: 4 }, () =>
      heap.allocate([channels]),
    ) as [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo, tf.TensorInfo]
    const sumBytes = 8 * (channels + 1)
    heap.withScratch(2 * sumBytes + 8 * channels, (scratch) => {
      const xAt = heap.address(x)
      const block = rowBlock(channels)
      const squaresAt = scratch + sumBytes
      const partsAt = scratch + 2 * sumBytes
      heap.simd.channelMoments(xAt, rows, block, channels, partsAt, scratch, squaresAt)
      const sums = heap.float64(scratch, channels)
      const squares = heap.float64(squaresAt, channels)
      const first = heap.float32(xAt, channels)
      const means = heap.values(mean)
      const inverses = heap.values(inverseStd)
      const runningMeans = heap.values(input(inputs, 'mean'))
      const runningVariances = heap.values(input(inputs, 'variance'))
      const movedMeans = heap.values(movedMean)
      const movedVariances = heap.values(movedVariance)
      const unbias = Math.fround(rows / Math.max(1, rows - 1))
      for (let c = 0; c < channels; c++) {
        const shifted = (sums[c] ?? 0) / rows
        // Math.max hides NaN in neither argument, so a diverged run still shows.
        const v = Math.max(0, (squares[c] ?? 0) / rows - shifted * shifted)
        means[c] = (first[c] ?? 0) + shifted
        inverses[c] = 1 / Math.sqrt(v + epsilon)
        movedMeans[c] = moved(runningMeans[c] ?? 0, means[c] ?? 0, momentum)
        movedVariances[c] = moved(runningVariances[c] ?? 0, Math.fround(v) * unbias, momentum)
      }
      // The parts are summed up: their place is free.
      const scale = partsAt
      writeScale(heap.float32(scale, channels), heap.values(gamma), inverses)
      heap.simd.normalise(
        xAt,
        heap.address(y),
        rows,
        block,
        channels,
        heap.address(mean),
        scale,
        heap.address(beta),
        attrs?.relu === true ? 0 : Number.NEGATIVE_INFINITY,
      )
    })
    return [y, movedMean, movedVariance, mean, inverseStd]
  }
}

/**
 * BatchNormTrainingGrad: x, dy [B, H, W, C]; gamma, beta, saved0 (mean) and saved1 (inverseStd) [C] ->
 * dx [B, H, W, C], dgamma [C], dbeta [C]. With `relu`, dY counts only where gamma * (x - mean) * inverseStd + beta is
 * above zero.
 *
 *     dbeta = sum g      dgamma = inverseStd * sum g (x - mean)
 *     dx = gamma * inverseStd * (g - dbeta / M - (x - mean) * inverseStd * dgamma / M)
 */
export function batchNormTrainingGradient(heap: Heap): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const dy = input(inputs, 'dy')
    const gamma = input(inputs, 'gamma')
    const beta = input(inputs, 'beta')
    const mean = input(inputs, 'saved0')
    const inverseStd = input(inputs, 'saved1')
    const relu = attrs?.relu === true
    const [rows, channels] = rowsAndChannels(x)
    const dx = heap.allocate(x.shape)
    const dgamma = heap.allocate([channels])
    const dbeta = heap.allocate([channels])
    const sumBytes = 8 * (channels + 1)
    heap.withScratch(2 * sumBytes + 12 * channels, (scratch) => {
      const productsAt = scratch + sumBytes
      const scaleAt = scratch + 2 * sumBytes
      const meanGradientAt = scaleAt + 4 * channels
      // Both hold the parts of the sums first.
      const slopeAt = meanGradientAt + 4 * channels
      const inverses = heap.values(inverseStd)
      writeScale(heap.float32(scaleAt, channels), heap.values(gamma), inverses)
      const sizes = [rows, rowBlock(channels), channels] as const
      const constants = [heap.address(mean), scaleAt, heap.address(beta)] as const
      const sumsOf = relu ? heap.simd.channelGradientSumsRelu : heap.simd.channelGradientSums
      sumsOf(heap.address(x), heap.address(dy), ...sizes, ...constants, meanGradientAt, scratch, productsAt)
      const sums = heap.float64(scratch, channels)
      const products = heap.float64(productsAt, channels)
      const meanGradient = heap.float32(meanGradientAt, channels)
      const slope = heap.float32(slopeAt, channels)
      const dbetas = heap.values(dbeta)
      const dgammas = heap.values(dgamma)
      for (let c = 0; c < channels; c++) {
        const inverse = inverses[c] ?? 0
        const product = (products[c] ?? 0) * inverse
        dbetas[c] = sums[c] ?? 0
        dgammas[c] = product
        meanGradient[c] = (sums[c] ?? 0) / rows
        slope[c] = (product * inverse) / rows
      }
      const gradientOf = relu ? heap.simd.normaliseGradientRelu : heap.simd.normaliseGradient
      const at = [heap.address(x), heap.address(dy), heap.address(dx)] as const
      gradientOf(...at, ...sizes, ...constants, meanGradientAt, slopeAt)
    })
    return [dx, dgamma, dbeta]
  }
}
