/** Child of webgpu.test.ts: trains a job, loses the device after so many steps, and tells how the run ended. */
import type { Job } from '@mate-bench/harness'
import { runSpec } from '@mate-bench/harness'
import { benchErrorFromUnknown } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'

process.once('message', async ({ job, steps }: { readonly job: Job; readonly steps: number }) => {
  let done = 0
  const onEvent = ({ type }: { readonly type: string }) => {
    if (type === 'step' && ++done === steps) {
      const { device } = tf.backend() as unknown as { readonly device: { destroy(): void } }
      device.destroy()
    }
  }
  const outcome = await runSpec({ ...job, onEvent }).then(
    () => ({ finished: true }),
    (thrown: unknown) => {
      const { code, message, hint } = benchErrorFromUnknown(thrown)
      return { finished: false, code, message, hint }
    },
  )
  process.send?.(outcome)
  process.disconnect()
})
