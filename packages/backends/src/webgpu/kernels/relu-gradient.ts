import * as tf from '@tensorflow/tfjs-core'
import { dispatch, forEach, workgroupsFor } from '../program.ts'
import type { WebgpuBackend } from '../tfjs-webgpu.ts'
import { input } from './kernel.ts'

/** ReluGrad: dy and the ReLU's output y, of one shape -> dy where y is above zero, else 0. */
export const reluGradient: tf.KernelFunc = ({ inputs, backend: current }) => {
  const backend = current as WebgpuBackend
  const dy = input(inputs, 'dy')
  const count = tf.util.sizeFromShape(dy.shape)
  const dx = backend.makeTensorInfo(dy.shape, 'float32')
  dispatch(backend, {
    key: 'relu gradient',
    code: () => forEach('arrayLength(&dx)', '    dx[i] = select(0.0, dy[i], y[i] > 0.0);'),
    inputs: { dy, y: input(inputs, 'y') },
    outputs: { dx },
    workgroups: workgroupsFor(count),
  })
  return dx
}
