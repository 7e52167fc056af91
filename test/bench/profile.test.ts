import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../packages/backends/src/index.ts'
import { profileKernels } from './profile.ts'

describe('profileKernels', () => {
  beforeAll(async () => {
    await openBackend('wasm')
  })

  it('counts the kernels of the work, charges them within its time, and puts them back', async () => {
    const before = tf.getKernel('Add', 'wasm')
    const { shares, totalSeconds } = await profileKernels(async () => {
      tf.tidy(() => tf.square(tf.add(tf.add(tf.scalar(1), tf.scalar(2)), tf.scalar(3))))
    })
    expect(Object.fromEntries(shares.map(({ kernel, calls }) => [kernel, calls]))).toEqual({
      Add: 2,
      Square: 1,
    })
    expect(shares.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThanOrEqual(totalSeconds)
    expect(tf.getKernel('Add', 'wasm')).toBe(before)
  })

  it('puts them back when the work fails', async () => {
    const before = tf.getKernel('Add', 'wasm')
    await expect(
      profileKernels(async () => {
        throw new Error('as the work does')
      }),
    ).rejects.toThrow('as the work does')
    expect(tf.getKernel('Add', 'wasm')).toBe(before)
  })
})
