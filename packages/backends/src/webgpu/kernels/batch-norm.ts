import type * as tf from '@tensorflow/tfjs-core'
import { dispatch, float } from '../program.ts'
import type { WebgpuBackend } from '../tfjs-webgpu.ts'
import {
  type ChannelTiles,
  channelTiles,
  sumOverChunks,
  sumOverLanes,
  tiledEntry,
  tilesKey,
  writeChunk,
} from './channel-tiles.ts'
import { input } from './kernel.ts'

/**
 * Sums of x and of its squares, both after the first row of a channel is taken off, so that a mean far from zero costs no digits. The
 * running statistics go along behind them: the second pass has no binding left.
 */
const sumsCode = (tiles: ChannelTiles) =>
  tiledEntry(
    tiles,
    /* wgsl */ `
  var sum = 0.0;
  var squares = 0.0;
  if (inside) {
    let origin = x[c];
    for (var row = first; row < end; row += LANES) {
      let d = x[row * CHANNELS + c] - origin;
      sum += d;
      squares += d * d;
    }
  }
${sumOverLanes('sum', 'squares')}
  if (lane == 0u && c < CHANNELS) {
${writeChunk('sum', 'squares')}
    if (group.x == 0u) {
      parts[2u * CHUNKS * CHANNELS + c] = runningMean[c];
      parts[(2u * CHUNKS + 1u) * CHANNELS + c] = runningVariance[c];
    }
  }`,
  )

const normaliseCode = (
  tiles: ChannelTiles,
  { epsilon, momentum, relu }: { epsilon: number; momentum: number; relu: boolean },
) => {
  const unbias = tiles.rows / Math.max(1, tiles.rows - 1)
  const [kept, taken] = [float(1 - momentum), float(momentum)]
  return tiledEntry(
    tiles,
    /* wgsl */ `
  var sum = 0.0;
  var squares = 0.0;
${sumOverChunks('sum', 'squares')}
  workgroupBarrier();
  if (lane == 0u && c < CHANNELS) {
    let offset = sum / f32(ROWS);
    let mean = x[c] + offset;
    let spread = squares / f32(ROWS) - offset * offset;
    let variance = select(spread, 0.0, spread < 0.0);
    let inverse = 1.0 / sqrt(variance + ${float(epsilon)});
    left[column] = mean;
    right[column] = gamma[c] * inverse;
    if (group.x == 0u) {
      saved[c] = mean;
      saved[CHANNELS + c] = inverse;
      movedMean[c] = parts[2u * CHUNKS * CHANNELS + c] * ${kept} + mean * ${taken};
      movedVariance[c] = parts[(2u * CHUNKS + 1u) * CHANNELS + c] * ${kept} + variance * ${float(unbias)} * ${taken};
    }
  }
  workgroupBarrier();
  if (inside) {
    let mean = left[column];
    let scale = right[column];
    let shift = beta[c];
    for (var row = first; row < end; row += LANES) {
      let value = (x[row * CHANNELS + c] - mean) * scale + shift;
      // NaN is below nothing, so that it passes on.
      y[row * CHANNELS + c] = ${relu ? 'select(value, 0.0, value < 0.0)' : 'value'};
    }
  }`,
  )
}

/**
 * BatchNormTraining in two passes: x [B, H, W, C]; gamma, beta and the running mean and variance [C] -> y [B, H, W, C], the running mean
 * and variance with this batch in them [C], and for the gradient the batch's mean and inverse standard deviation, [2, C].
 *
 * Ioffe & Szegedy, "Batch Normalization", ICML 2015, algorithm 1. With `relu`, y is cut at zero.
 */
export const batchNormTraining: tf.KernelFunc = ({ inputs, attrs, backend: current }) => {
  const backend = current as WebgpuBackend
  const x = input(inputs, 'x')
  const tiles = channelTiles(x.shape)
  const options = {
    epsilon: Number(attrs?.epsilon),
    momentum: Number(attrs?.momentum),
    relu: attrs?.relu === true,
  }
  const { channels, chunks, workgroups } = tiles
  const make = (shape: number[]) => backend.makeTensorInfo(shape, 'float32')
  const parts = make([2 * chunks + 2, channels])
  const [y, movedMean, movedVariance, saved] = [
    make(x.shape),
    make([channels]),
    make([channels]),
    make([2, channels]),
  ]
  dispatch(backend, {
    key: `batch-norm sums ${tilesKey(tiles)}`,
    code: () => sumsCode(tiles),
    inputs: { x, runningMean: input(inputs, 'mean'), runningVariance: input(inputs, 'variance') },
    outputs: { parts },
    workgroups,
  })
  dispatch(backend, {
    key: `batch-norm ${tilesKey(tiles)} ${JSON.stringify(options)}`,
    code: () => normaliseCode(tiles, options),
    inputs: { x, parts, gamma: input(inputs, 'gamma'), beta: input(inputs, 'beta') },
    outputs: { y, movedMean, movedVariance, saved },
    workgroups,
  })
  backend.disposeData(parts.dataId)
  return [y, movedMean, movedVariance, saved]
}

/** dY where the ReLU let through: y is above zero exactly where what went into it is. */
const upstream = (relu: boolean) => (relu ? 'select(0.0, dy[at], y[at] > 0.0)' : 'dy[at]')

/** Sums of g and of g (x - mean); gamma, mean and inverse standard deviation go along behind them. */
const gradientSumsCode = (tiles: ChannelTiles, relu: boolean) =>
  tiledEntry(
    tiles,
    /* wgsl */ `
  var sum = 0.0;
  var products = 0.0;
  if (inside) {
    let mean = saved[c];
    for (var row = first; row < end; row += LANES) {
      let at = row * CHANNELS + c;
      let g = ${upstream(relu)};
      sum += g;
      products += g * (x[at] - mean);
    }
  }
${sumOverLanes('sum', 'products')}
  if (lane == 0u && c < CHANNELS) {
${writeChunk('sum', 'products')}
    if (group.x == 0u) {
      parts[2u * CHUNKS * CHANNELS + c] = gamma[c];
      parts[(2u * CHUNKS + 1u) * CHANNELS + c] = saved[c];
      parts[(2u * CHUNKS + 2u) * CHANNELS + c] = saved[CHANNELS + c];
    }
  }`,
  )

const gradientCode = (tiles: ChannelTiles, relu: boolean) =>
  tiledEntry(
    tiles,
    /* wgsl */ `
  var sum = 0.0;
  var products = 0.0;
${sumOverChunks('sum', 'products')}
  workgroupBarrier();
  if (lane == 0u && c < CHANNELS) {
    let inverse = parts[(2u * CHUNKS + 2u) * CHANNELS + c];
    left[column] = sum / f32(ROWS);
    right[column] = products * inverse * inverse / f32(ROWS);
    if (group.x == 0u) {
      dBeta[c] = sum;
      dGamma[c] = products * inverse;
    }
  }
  workgroupBarrier();
  if (inside) {
    let mean = parts[(2u * CHUNKS + 1u) * CHANNELS + c];
    let scale = parts[2u * CHUNKS * CHANNELS + c] * parts[(2u * CHUNKS + 2u) * CHANNELS + c];
    let meanGradient = left[column];
    let slope = right[column];
    for (var row = first; row < end; row += LANES) {
      let at = row * CHANNELS + c;
      dx[at] = scale * (${upstream(relu)} - meanGradient - (x[at] - mean) * slope);
    }
  }`,
  )

/**
 * BatchNormTrainingGrad in two passes: x, y, dy [B, H, W, C]; gamma [C] and saved0 [2, C] -> dx [B, H, W, C], dgamma [C], dbeta [C].
 *
 *     dbeta = sum g      dgamma = inverseStd * sum g (x - mean)
 *     dx = gamma * inverseStd * (g - dbeta / M - (x - mean) * inverseStd * dgamma / M)
 */
export const batchNormTrainingGradient: tf.KernelFunc = ({ inputs, attrs, backend: current }) => {
  const backend = current as WebgpuBackend
  const x = input(inputs, 'x')
  const dy = input(inputs, 'dy')
  const relu = attrs?.relu === true
  const tiles = channelTiles(x.shape)
  const { channels, chunks, workgroups } = tiles
  const make = (shape: number[]) => backend.makeTensorInfo(shape, 'float32')
  const parts = make([2 * chunks + 3, channels])
  const [dx, dGamma, dBeta] = [make(x.shape), make([channels]), make([channels])]
  const maps = { x, dy, ...(relu ? { y: input(inputs, 'y') } : {}) }
  const key = `${tilesKey(tiles)}${relu ? ' relu' : ''}`
  dispatch(backend, {
    key: `batch-norm gradient sums ${key}`,
    code: () => gradientSumsCode(tiles, relu),
    inputs: { ...maps, saved: input(inputs, 'saved0'), gamma: input(inputs, 'gamma') },
    outputs: { parts },
    workgroups,
  })
  dispatch(backend, {
    key: `batch-norm gradient ${key}`,
    code: () => gradientCode(tiles, relu),
    inputs: { ...maps, parts },
    outputs: { dx, dGamma, dBeta },
    workgroups,
  })
  backend.disposeData(parts.dataId)
  return [dx, dGamma, dBeta]
}
