import type { BackendName, BackendSettings } from '@mate-bench/backends'
import type { Spec } from '@mate-bench/harness'
import { BenchError } from '@mate-bench/schema'
import type { ArtifactStore, Db, Lease, Outcome, Submission } from '@mate-bench/store'
import { type ProgressBoard, withoutPaths } from '@mate-bench/worker'

export interface WorkerContext {
  readonly db: Db
  readonly artifacts: ArtifactStore
  /** Unique among all workers. */
  readonly name: string
  /** Folder in which each submission gets one for its runs; workers that share it go on from each other's checkpoints. */
  readonly runs: string
  readonly backend: BackendName
  readonly settings: BackendSettings
  readonly dataFolder: string | undefined
  readonly checkpointEverySteps: number | undefined
  readonly leaseSeconds: number
  /** Fires to hand everything back. */
  readonly stop: AbortSignal
  /** Fires to end at once. */
  readonly kill: AbortSignal
  /** Tells the operator. */
  readonly say: (line: string) => void
}

/** Why training was stopped before its end. */
export type Reason = 'cancel' | 'lost' | 'stop'

/** A submission while a worker has it. */
export interface Session {
  readonly lease: Lease
  readonly submission: Submission
  readonly spec: Spec
  readonly board: ProgressBoard
  readonly publishedSeeds: ReadonlySet<number>
  /** Fires to stop within a step. */
  readonly signal: AbortSignal
  /** Whether the lease is this worker's for certain. */
  readonly holds: () => boolean
  /** Why it has to stop; undefined where it has not. */
  readonly reason: () => Reason | undefined
}

/** What becomes of a submission that did not come to its end. */
export function stopped(
  reason: Reason | undefined,
  error: BenchError | undefined,
  board: ProgressBoard,
): Outcome {
  switch (reason) {
    case 'cancel':
      board.say(error?.code === 'interrupted' ? `Cancelled. ${error.message}` : 'Cancelled.')
      return { state: 'cancelled' }
    case 'stop':
      board.say('Handed back: this worker stops.')
      return { state: 'queued', note: 'The worker stopped; its last checkpoint stays.' }
    case 'lost':
      return { state: 'queued', note: 'The worker could not renew its lease; its last checkpoint stays.' }
    default:
      break
  }
  // The process of a lost worker may still be saving in the same folder.
  if (error?.code === 'conflict') {
    return { state: 'queued', note: 'Its folder is still in use.', delaySeconds: 5 }
  }
  return failed(
    error ?? new BenchError({ code: 'internal', message: 'It stopped for no known reason.' }),
    board,
  )
}

/** A submission that can't be done, with the reason for everybody to read. */
export function failed(error: BenchError, board: ProgressBoard | undefined): Outcome {
  const details = error.problems.map(({ path, message }) => `${path}: ${message}`)
  const failure = withoutPaths([error.message, ...details].join(' ')).slice(0, 2000)
  board?.say(`Failed: ${failure}`)
  return { state: 'failed', failure }
}
