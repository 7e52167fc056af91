import { BenchError } from '@mate-bench/schema'
import type * as tf from '@tensorflow/tfjs-core'
import type { WebgpuBackend } from './tfjs-webgpu.ts'

/**
 * Makes every read say what went wrong on the device. WebGPU reports an error after the call that made it, and goes on with
 * whatever is in its buffers: without this a training would continue on nonsense.
 */
export function watchDevice(backend: WebgpuBackend): void {
  let fault: BenchError | undefined
  const { device } = backend
  device.lost.then(({ message }) => {
    fault = lost(message)
  })
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault()
    fault ??= new BenchError({
      code: 'backend-unavailable',
      message: `The GPU refused what it was asked to compute: ${firstLine(event.error.message)}`,
      path: 'backend',
      hint: 'A smaller training.batchSize needs less memory. Another backend goes on from the last checkpoint: --resume --allow-different-environment.',
    })
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
  // A value comes with a turn of the event loop: a kernel or test that wants it at once can not have it.
  const readSync = backend.readSync.bind(backend)
  backend.readSync = (dataId: object) => {
    if (backend.tensorMap.get(dataId).values != null) return readSync(dataId)
    throw new Error('WebGPU gives values asynchronously: use data() in place of dataSync()')
  }
}

function lost(message: string): BenchError {
  const reason = firstLine(message)
  return new BenchError({
    code: 'backend-unavailable',
    message: `The GPU was lost while it trained${reason === '' ? '' : `: ${reason}`}`,
    path: 'backend',
    hint: 'A driver that was updated or reset, a machine that slept, or too much memory does this. Go on from the last checkpoint with the same command and --resume.',
  })
}

function firstLine(message: string): string {
  return message.trim().split('\n', 1).join('').trim()
}
