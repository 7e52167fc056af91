import type { Network } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { createStepOnNoise } from './measure.ts'

/** What a 32-bit WebAssembly module can address. */
const wasmBytes = 2 ** 32

export interface StepMemory {
  /** What one step with so many images holds at its fullest moment. */
  readonly bytes: (batchSize: number) => number
  /** Where the backend has memory of its own that ends; undefined where it takes the machine's. */
  readonly limitBytes: number | undefined
}

/**
 * What a training step of `network` holds on the current tfjs backend, seen in two steps on noise of which one has twice
 * the images of the other. An upper bound: tfjs counts values as often as tensors share them, and a heap never shrinks
 * below what was there before; the lower of the two counts.
 *
 * @param batchSize images of the larger step, at least 2
 */
export async function measureStepMemory(network: Network, batchSize: number): Promise<StepMemory> {
  const few = Math.max(1, Math.floor(batchSize / 2))
  const many = 2 * few
  const peakOfFew = await peakBytes(network, few)
  const peakOfMany = await peakBytes(network, many)
  const heap = heapBytes()
  const perImage = (peakOfMany - peakOfFew) / few
  const constant = peakOfFew - perImage * few
  const counted = (images: number) => constant + perImage * images
  if (heap === undefined) return { bytes: counted, limitBytes: undefined }
  return {
    bytes: (images) => Math.min(counted(images), Math.max(constant, (heap / many) * images)),
    limitBytes: wasmBytes,
  }
}

/** Of all tensors there are, as tfjs counts them. */
async function peakBytes(network: Network, batchSize: number): Promise<number> {
  const onNoise = createStepOnNoise(network, batchSize)
  try {
    return (await tf.profile(() => onNoise.step())).peakBytes
  } finally {
    onNoise.dispose()
  }
}

/** Of the WebAssembly module that the backend keeps its tensors in; undefined for other backends. */
function heapBytes(): number | undefined {
  const memory = ['wasm', 'asm', 'memory'].reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    tf.backend(),
  )
  return memory instanceof WebAssembly.Memory ? memory.buffer.byteLength : undefined
}
