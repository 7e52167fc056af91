import { readFileSync } from 'node:fs'
import { backendIdentity, openBackend } from '@mate-bench/backends'
import { describeNetwork } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { createStepOnNoise } from '../../packages/harness/src/measure.ts'
import { tinySpec } from '../support/tiny-spec.ts'

/** What the process has in memory, in KiB, once V8 has given back what it no longer needs. */
function resident(): number {
  globalThis.gc?.()
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
}

it.skipIf(process.platform !== 'linux' || backendIdentity('tensorflow') === undefined)(
  'a thousand steps on tensorflow, with batches of three sizes, leave nothing in memory',
  async () => {
    await openBackend('tensorflow')
    const network = describeNetwork(tinySpec().model, { inputShape: [28, 28, 1], classes: 10 })
    const sizes = [16, 7, 24].map((batchSize) => createStepOnNoise(network, batchSize))
    const steps = async (count: number) => {
      for (let i = 0; i < count; i++) await sizes[i % sizes.length]?.step()
    }
    await steps(100)
    const tensors = tf.memory().numTensors
    // What stays of each step grows without end, and the allocator's arenas do not: on a busy machine they take up to 80 MB, once.
    const growths: number[] = []
    do {
      const before = resident()
      await steps(1000)
      growths.push(resident() - before)
      expect(tf.memory().numTensors).toBe(tensors)
      // One activation of the first stage that stayed would be 98 KB a step of 16 images.
    } while ((growths.at(-1) ?? 0) >= 50_000 && growths.length < 3)
    expect(growths.at(-1)).toBeLessThan(50_000)
    for (const onNoise of sizes) onNoise.dispose()
  },
)
