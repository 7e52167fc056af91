import { benchErrorFromUnknown } from '@mate-bench/schema'
import type { RunEvent } from './events.ts'
import { endMilliseconds, type Job, stopMilliseconds, type WorkerMessage } from './pool.ts'
import { runSpec } from './run.ts'

/**
 * The worker's side of the pool: takes one job from its parent, runs it, tells how it went, ends.
 * SIGTERM and SIGINT finish the step and save. A parent that vanishes stops the run the same way. SIGHUP reaches every
 * process of a terminal that is closed: whether it counts is for the parent to say.
 */
export function serveWorker(): void {
  const controller = new AbortController()
  const stop = () => {
    controller.abort()
    endAfter(stopMilliseconds)
  }
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, stop)
  process.on('SIGHUP', () => {})
  process.on('disconnect', stop)
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
    endAfter(endMilliseconds)
  })
}

/**
 * Ends this process if it is still there by then, whatever its threads do: the parent does the same, unless it is gone.
 * By a signal, since `process.exit` waits for the threads.
 */
function endAfter(milliseconds: number): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), milliseconds).unref()
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
