import { BenchError } from '@mate-bench/schema'
import type * as tf from '@tensorflow/tfjs-core'
import type { WebgpuBackend } from './tfjs-webgpu.ts'

/** What to do about a fault, where the device is used. */
export interface Remedies {
  readonly lost: string
  readonly refused: string
}

/**
 * Makes every read say what went wrong on the device. WebGPU reports an error after the call that made it, and goes on with
 * whatever is in its buffers: without this a training would continue on nonsense.
 */
export function watchDevice(backend: WebgpuBackend, remedies: Remedies): void {
  let fault: BenchError | undefined
  const { device } = backend
  device.lost.then(({ message }) => {
    fault = failed('The GPU was lost', message, remedies.lost)
  })
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault()
    fault ??= failed('The GPU refused what it was asked to compute', event.error.message, remedies.refused)
  })
  const read = backend.read.bind(backend)
  backend.read = async (dataId: tf.DataId) => {
    try {
      if (fault) throw fault
      const values = await read(dataId)
      if (fault) throw fault
      return values
    } catch (thrown) {
      throw fault ?? thrown
    }
  }
  // A value comes with a turn of the event loop: a kernel or test that wants it at once cannot have it.
  const readSync = backend.readSync.bind(backend)
  backend.readSync = (dataId: object) => {
    if (backend.tensorMap.get(dataId).values != null) return readSync(dataId)
    throw new Error('WebGPU gives values asynchronously: use data() in place of dataSync()')
  }
}

function failed(what: string, message: string, hint: string): BenchError {
  const [reason = ''] = message.trim().split('\n', 1)
  return new BenchError({
    code: 'backend-unavailable',
    message: reason === '' ? what : `${what}: ${reason.trim()}`,
    path: 'backend',
    hint,
  })
}
