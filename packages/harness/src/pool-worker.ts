import { benchErrorFromUnknown } from '@mate-bench/schema'
import type { RunEvent } from './events.ts'
import type { Job, WorkerMessage } from './pool.ts'
import { runSpec } from './run.ts'

/**
 * The worker's side of the pool: takes one job from its parent, runs it, tells how it went, ends.
 * SIGTERM, SIGINT and SIGHUP finish the step and save. A parent that vanishes stops the run the same way.
 */
export function serveWorker(): void {
  const controller = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => controller.abort())
  process.on('disconnect', () => controller.abort())
  const send = (message: WorkerMessage) => {
    if (process.connected) process.send?.(message)
  }
  process.once('message', async (job: Job) => {
    try {
      const result = await runSpec({
        ...job,
        signal: controller.signal,
        onEvent: throttled(send, job.stepIntervalMilliseconds ?? 200),
      })
      send({ type: 'done', ...result })
    } catch (thrown) {
      const { code, message, path, hint } = benchErrorFromUnknown(thrown)
      send({
        type: 'failed',
        error: {
          code,
          message,
          ...(path === undefined ? {} : { path }),
          ...(hint === undefined ? {} : { hint }),
        },
      })
      process.exitCode = 1
    }
    if (process.connected) process.disconnect()
  })
}

function throttled(
  send: (message: WorkerMessage) => void,
  stepIntervalMilliseconds: number,
): (event: RunEvent) => void {
  let last = 0
  return (event) => {
    const now = performance.now()
    if (event.type === 'step' && now - last < stepIntervalMilliseconds) return
    last = now
    send({ type: 'event', event })
  }
}
