import { BenchError } from '@mate-bench/schema'
import type { StopSignals } from '@mate-bench/worker'

/** So long before AWS Batch ends an attempt for good the trainer ends it itself, to be tried again. */
const beforeLimitMilliseconds = 300_000

/** A container has 30 s from the signal to its end, and a spot machine two minutes: training saves within this. */
const patienceMilliseconds = 25_000

export interface DeadlinesOptions {
  readonly signals: Pick<StopSignals, 'stop' | 'kill'>
  /** When AWS Batch ends the attempt; undefined where nobody does. */
  readonly attemptSeconds: number | undefined
  readonly say: (line: string) => void
}

/** When to stop, and why where it was no signal; and when to wait no longer for what was asked to stop. */
export function startDeadlines({ signals, attemptSeconds, say }: DeadlinesOptions): StopSignals {
  const patience = new AbortController()
  const limit = new AbortController()
  const timers: NodeJS.Timeout[] = []
  const stop = AbortSignal.any([signals.stop, limit.signal])
  stop.addEventListener('abort', () => {
    timers.push(setTimeout(() => patience.abort(), patienceMilliseconds))
  })
  if (attemptSeconds !== undefined) {
    const onLimit = () => {
      say('this attempt may take no longer: saving the checkpoint for the next')
      const message = 'This attempt has had its time; its last checkpoint stays.'
      limit.abort(new BenchError({ code: 'interrupted', message }))
    }
    timers.push(setTimeout(onLimit, Math.max(0, 1000 * attemptSeconds - beforeLimitMilliseconds)))
  }
  return {
    stop,
    kill: AbortSignal.any([signals.kill, patience.signal]),
    close() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
