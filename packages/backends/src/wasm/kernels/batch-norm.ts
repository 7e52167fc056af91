import * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { chunkRows } from '../simd/batch-norm.ts'
import { input } from './kernel.ts'

/** What the rows of one tensor may take up that are worked on together: with two others they stay in a second-level cache. */
const blockBytes = 32768

/**
 * Calls `body` for block after block of rows, with the block's first byte in a tensor and its number of rows. The kernels
 * pass over their rows once for every strip of channels, which memory is too slow for where there are many of both.
 */
function forEachBlock(rows: number, channels: number, body: (offset: number, count: number) => void): void {
  const chunks = Math.max(1, Math.floor(blockBytes / (4 * channels * chunkRows)))
  const block = chunks * chunkRows
  for (let row = 0; row < rows; row += block) body(4 * row * channels, Math.min(block, rows - row))
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
    heap.withScratch(2 * sumBytes + 4 * channels, (scratch) => {
      heap.float64(scratch, 2 * (channels + 1)).fill(0)
      const xAt = heap.address(x)
      forEachBlock(rows, channels, (offset, count) => {
        heap.simd.channelMoments(xAt + offset, xAt, count, channels, scratch, scratch + sumBytes)
      })
      const sums = heap.float64(scratch, channels)
      const squares = heap.float64(scratch + sumBytes, channels)
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
      const scale = scratch + 2 * sumBytes
      writeScale(heap.float32(scale, channels), heap.values(gamma), inverses)
      const yAt = heap.address(y)
      const constants = [heap.address(mean), scale, heap.address(beta)] as const
      const floor = attrs?.relu === true ? 0 : Number.NEGATIVE_INFINITY
      forEachBlock(rows, channels, (offset, count) => {
        heap.simd.normalise(xAt + offset, yAt + offset, count, channels, ...constants, floor)
      })
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
      const slopeAt = meanGradientAt + 4 * channels
      const inverses = heap.values(inverseStd)
      writeScale(heap.float32(scaleAt, channels), heap.values(gamma), inverses)
      heap.float64(scratch, 2 * (channels + 1)).fill(0)
      const [xAt, dyAt, dxAt] = [heap.address(x), heap.address(dy), heap.address(dx)]
      const constants = [heap.address(mean), scaleAt, heap.address(beta)] as const
      const sumsOf = relu ? heap.simd.channelGradientSumsRelu : heap.simd.channelGradientSums
      forEachBlock(rows, channels, (offset, count) => {
        sumsOf(xAt + offset, dyAt + offset, count, channels, ...constants, scratch, productsAt)
      })
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
      forEachBlock(rows, channels, (offset, count) => {
        const at = [xAt + offset, dyAt + offset, dxAt + offset] as const
        gradientOf(...at, count, channels, ...constants, meanGradientAt, slopeAt)
      })
    })
    return [dx, dgamma, dbeta]
  }
}
