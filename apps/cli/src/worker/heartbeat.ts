import { appendLog, type Db, keepLease, type Lease } from '@mate-bench/store'
import type { ProgressBoard } from '@mate-bench/worker'

export interface HeartbeatOptions {
  readonly db: Db
  readonly lease: Lease
  readonly leaseSeconds: number
  readonly board: ProgressBoard
  readonly onCancel: () => void
  /** The lease is gone, or so long unrenewed that another worker may have it. */
  readonly onLost: () => void
}

/** How soon a request to cancel is heard, at most. */
const mostBeatMilliseconds = 1000
/** How often progress and log are written, at most. */
const mostWriteMilliseconds = 3000

/**
 * Keeps the lease of a submission while it is trained, and writes down how far it is. A database that is away for
 * less than the lease is waited for.
 */
export function startHeartbeat(options: HeartbeatOptions): { close(): Promise<void> } {
  const { db, lease, board, leaseSeconds } = options
  // Several in a lease, so that a slow one does not lose it.
  const beatMilliseconds = Math.min(mostBeatMilliseconds, leaseSeconds * 250)
  const writeMilliseconds = Math.min(mostWriteMilliseconds, leaseSeconds * 250)
  let heardAt = performance.now()
  let wroteAt = 0
  let closed = false
  let timer: NodeJS.Timeout | undefined

  async function beat(last: boolean): Promise<void> {
    const now = performance.now()
    const write = last || now - wroteAt >= writeMilliseconds
    try {
      const word = await keepLease(db, lease, write ? board.progress() : undefined)
      heardAt = now
      if (word === 'lost') options.onLost()
      if (word === 'cancel') options.onCancel()
      if (write && word !== 'lost') {
        wroteAt = now
        await appendLog(db, lease.submissionId, board.takeLines())
      }
    } catch {
      if (performance.now() - heardAt > leaseSeconds * 1000) options.onLost()
    }
  }

  let running: Promise<void> = Promise.resolve()
  function schedule(): void {
    timer = setTimeout(() => {
      running = beat(false).finally(() => {
        if (!closed) schedule()
      })
    }, beatMilliseconds)
  }
  schedule()
  return {
    /** Writes what is left to write. */
    async close() {
      closed = true
      clearTimeout(timer)
      await running
      await beat(true)
    },
  }
}
