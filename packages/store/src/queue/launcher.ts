import type { Db } from '../drivers/db.ts'
import type { Submission } from './submission-states.ts'

export interface LaunchStatus {
  /** How many are before it; null when it does not wait in the queue. */
  readonly position: number | null
  /** Whether anything is there to train it: a queue that a worker has set up. */
  readonly ready: boolean
}

/**
 * What makes an approved submission train. `start` and `cancel` run inside the transaction that changes the state,
 * so that neither happens without the other.
 */
export interface Launcher {
  readonly name: string
  /**
   * Brings a submission from `approved` to `queued`. Where nothing can take it yet it stays approved, and is started
   * as soon as something can.
   */
  start(tx: Db, submission: Submission, actor: string): Promise<Submission>
  /** Takes a submission that waits out of the queue. */
  cancel(tx: Db, submission: Submission): Promise<void>
  /** Stops a submission that runs, where its workers do not look for that by themselves. */
  stop?(tx: Db, submission: Submission): Promise<void>
  /**
   * Called after the transaction has been committed. It may fail: what it would have set off is then found by
   * whatever looks at the tables from time to time.
   */
  wake?(): Promise<void>
  status(db: Db, submission: Submission): Promise<LaunchStatus>
}
