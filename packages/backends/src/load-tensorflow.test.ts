import * as tf from '@tensorflow/tfjs-core'
import { expect, it, vi } from 'vitest'
import { findGpu } from './find-gpu.ts'
import { loadTensorflow } from './load-tensorflow.ts'

const packageName = '@tensorflow/tfjs-node-gpu'

/** The package as it loads with this device: it registers itself, and says afterwards what it found. */
function packageWith(isUsingGpuDevice: boolean): void {
  vi.doMock(packageName, () => {
    class Stub extends tf.KernelBackend {
      readonly isUsingGpuDevice = isUsingGpuDevice
      readonly binding = { TF_Version: '2.9.1' }
      override dispose() {}
    }
    tf.registerBackend('tensorflow', () => new Stub())
    return { version: { 'tfjs-node': '4.22.0' } }
  })
}

it('a GPU package that loads, and computes on the CPU, is refused: it would train for weeks without a word', async () => {
  packageWith(false)
  await expect(loadTensorflow(packageName)).rejects.toThrow('TensorFlow found no usable GPU')
  expect(tf.engine().registryFactory).not.toHaveProperty('tensorflow')
})

it('a GPU package that found its GPU is taken', async () => {
  vi.resetModules()
  packageWith(true)
  expect(await loadTensorflow(packageName)).toMatchObject({
    gpu: findGpu().name,
    libraries: { [packageName]: '4.22.0', libtensorflow: '2.9.1' },
  })
})
