import { readFileSync } from 'node:fs'
import { backendIdentity, openBackend } from '@mate-bench/backends'
import { describeNetwork } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { createStepOnNoise } from '../../packages/harness/src/measure.ts'
import { tinySpec } from '../support/tiny-spec.ts'

/**
 * What the native libraries of this process have allocated, in KiB: the part that grows of C's allocator. V8, whose heap goes
 * up and down as it likes, has its memory elsewhere.
 */
function allocatedNatively(): number {
  const maps = readFileSync('/proc/self/smaps', 'utf8')
  return Number(/\[heap\][^[]*?^Rss: *(\d+) kB/ms.exec(maps)?.[1])
}

/** Size of the WebAssembly memory that holds all tensors, in bytes. */
function tensorMemory(): number {
  return (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength
}

it.skipIf(process.platform !== 'linux' || backendIdentity('native') === undefined)(
  'a thousand steps on native, with batches of three sizes, take the memory of the first hundred',
  async () => {
    await openBackend('native')
    const network = describeNetwork(tinySpec().model, { inputShape: [28, 28, 1], classes: 10 })
    const sizes = [16, 7, 24].map((batchSize) => createStepOnNoise(network, batchSize))
    const memory = () => ({ tensors: tf.memory().numTensors, tensorMemory: tensorMemory() })
    const steps = async (count: number) => {
      for (let i = 0; i < count; i++) await sizes[i % sizes.length]?.step()
    }
    await steps(100)
    const before = memory()
    const allocatedBefore = allocatedNatively()
    expect(allocatedBefore).toBeGreaterThan(1000)
    await steps(1000)
    expect(memory()).toEqual(before)
    // Fifty bytes for each of a step's 80 calls would be 4 MB.
    expect(allocatedNatively() - allocatedBefore).toBeLessThan(2000)
    for (const onNoise of sizes) onNoise.dispose()
  },
)
