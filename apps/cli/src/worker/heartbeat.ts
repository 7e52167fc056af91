import { setTimeout as sleep } from 'node:timers/promises'
import { appendLog, type Db, keepLease, type Lease } from '@mate-bench/store'
import type { ProgressBoard } from '@mate-bench/worker'

export interface HeartbeatOptions {
  readonly db: Db
  readonly lease: Lease
  readonly leaseSeconds: number
  /** When the lease was asked for, by `performance.now()`: it runs from then at the earliest. */
  readonly askedAt: number
  readonly board: ProgressBoard
  readonly onCancel: () => void
  /** Called once: the lease is gone, or so long unrenewed that another worker may have it. */
  readonly onLost: () => void
}

export interface Heartbeat {
  /** Whether the lease is ours for certain, by this machine's steady clock: false from the moment that it may not be. */
  holds(): boolean
  /** Writes what is left to write. */
  close(): Promise<void>
}

/** How soon a request to cancel is heard, at most. */
const mostBeatMilliseconds = 1000
/** How often progress and log are written, at most. */
const mostWriteMilliseconds = 3000

/**
 * Keeps the lease of a submission while it is trained, and writes down how far it is. A database that is away for
 * less than the lease is waited for. Of one that neither answers nor refuses nothing is heard for many minutes, so the
 * lease is watched apart from the questions: it is lost when the last one that was answered is older than the lease.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { db, lease, board } = options
  const leaseMilliseconds = options.leaseSeconds * 1000
  // Several in a lease, so that a slow one does not lose it.
  const beatMilliseconds = Math.min(mostBeatMilliseconds, leaseMilliseconds / 4)
  const writeMilliseconds = Math.min(mostWriteMilliseconds, leaseMilliseconds / 4)
  const patienceMilliseconds = leaseMilliseconds / 4
  const closed = new AbortController()
  let renewedAt = options.askedAt
  let wroteAt = Number.NEGATIVE_INFINITY
  let lost = false

  function lose(): void {
    if (lost) return
    lost = true
    options.onLost()
  }

  function holds(): boolean {
    // A process that was paused may get here before its timers do.
    if (performance.now() - renewedAt >= leaseMilliseconds) lose()
    return !lost
  }

  async function beat(last: boolean): Promise<void> {
    const askedAt = performance.now()
    const write = last || askedAt - wroteAt >= writeMilliseconds
    try {
      const word = await within(
        patienceMilliseconds,
        keepLease(db, lease, write ? board.progress() : undefined),
      )
      if (word === 'lost') return lose()
      if (holds()) renewedAt = askedAt
      if (word === 'cancel') options.onCancel()
      if (!write) return
      await board.passLines((lines) => within(patienceMilliseconds, appendLog(db, lease.submissionId, lines)))
      wroteAt = askedAt
    } catch {
      // The next beat asks again, over another connection; the watchdog knows for how long.
    }
  }

  async function beatUntilClosed(): Promise<void> {
    while (holds()) {
      await sleep(beatMilliseconds, undefined, { signal: closed.signal }).catch(() => {})
      if (closed.signal.aborted) break
      await beat(false)
    }
  }

  const watchdog = setInterval(holds, beatMilliseconds)
  const beating = beatUntilClosed()
  return {
    holds,
    async close() {
      closed.abort()
      await beating
      if (holds()) await beat(true)
      clearInterval(watchdog)
    },
  }
}

/** Gives up on an answer that does not come: a connection may be dead without anybody being told. */
async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  const settled = new AbortController()
  const late = sleep(milliseconds, undefined, { signal: settled.signal }).then(() => {
    throw new Error('no answer')
  })
  late.catch(() => {})
  try {
    return await Promise.race([answer, late])
  } finally {
    settled.abort()
  }
}
