import * as tf from '@tensorflow/tfjs-core'
import { dispatch, float, forEach, workgroupsFor } from '../program.ts'
import type { WebgpuBackend } from '../tfjs-webgpu.ts'
import { input } from './kernel.ts'

/** GlobalAveragePool: x [B, H, W, C] -> [B, C]. */
export const globalAveragePool: tf.KernelFunc = ({ inputs, backend: current }) => {
  const backend = current as WebgpuBackend
  const x = input(inputs, 'x')
  const [batch = 0, height = 1, width = 1, channels = 0] = x.shape
  const pixels = height * width
  const y = backend.makeTensorInfo([batch, channels], 'float32')
  dispatch(backend, {
    key: `global average pool ${pixels} ${channels}`,
    code: () =>
      forEach(
        'arrayLength(&y)',
        /* wgsl */ `
    let start = i / ${channels}u * ${pixels * channels}u + i % ${channels}u;
    var sum = 0.0;
    for (var pixel = 0u; pixel < ${pixels}u; pixel++) { sum += x[start + pixel * ${channels}u]; }
    y[i] = sum / ${float(pixels)};`,
      ),
    inputs: { x },
    outputs: { y },
    workgroups: workgroupsFor(batch * channels),
  })
  return y
}

/** GlobalAveragePoolGrad: dy [B, C], {shape: [B, H, W, C]} -> [B, H, W, C], dy's share of each pixel. */
export const globalAveragePoolGradient: tf.KernelFunc = ({ inputs, attrs, backend: current }) => {
  const backend = current as WebgpuBackend
  const dy = input(inputs, 'dy')
  const shape = attrs?.shape as number[]
  const [, height = 1, width = 1, channels = 0] = shape
  const pixels = height * width
  const dx = backend.makeTensorInfo(shape, 'float32')
  dispatch(backend, {
    key: `global average pool gradient ${pixels} ${channels}`,
    code: () =>
      forEach(
        'arrayLength(&dx)',
        `    dx[i] = dy[i / ${pixels * channels}u * ${channels}u + i % ${channels}u] * ${float(1 / pixels)};`,
      ),
    inputs: { dy },
    outputs: { dx },
    workgroups: workgroupsFor(tf.util.sizeFromShape(shape)),
  })
  return dx
}
