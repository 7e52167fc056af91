import type { GpuBuffer, WebgpuBackend } from './tfjs-webgpu.ts'

/** Numbers that have a buffer of their own; those of a network's layers and losses are some dozens. */
const maximumConstants = 1024

/**
 * Keeps numbers such as the 2 of `tf.mul(x, 2)` on the device. tfjs makes a tensor of it at each call and copies its four bytes, which
 * ends what was being recorded for the GPU: as dear as the multiplication.
 */
export function keepConstants(backend: WebgpuBackend): void {
  const buffers = new Map<string, GpuBuffer>()
  const upload = backend.uploadToGPU.bind(backend)
  backend.uploadToGPU = (dataId) => {
    const data = backend.tensorMap.get(dataId)
    const values = data.values as ArrayLike<number> | null | undefined
    if (data.resource != null || values == null || data.shape.length > 0) {
      upload(dataId)
      return
    }
    const key = `${data.dtype} ${values[0]}`
    const kept = buffers.get(key)
    if (kept) data.resource = kept
    else {
      upload(dataId)
      if (!data.resource || buffers.size >= maximumConstants) return
      buffers.set(key, data.resource)
    }
    // tfjs does not give an external buffer back to its pool. Nothing writes to a tensor that holds values.
    data.external = true
  }
}
