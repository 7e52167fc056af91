import type { SubmissionState, TrainingJobState } from '../schema/index.ts'

/** What the batch service says of a job, in the order in which one attempt goes through it. */
export const batchStatuses = [
  'SUBMITTED',
  'PENDING',
  'RUNNABLE',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
] as const
export type BatchStatus = (typeof batchStatuses)[number]

/** True for a state that nothing follows. */
export function isFinalJob(state: TrainingJobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** True once the service has done with a job: no attempt follows. */
export function hasEnded(status: BatchStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED'
}

/** How far along a job is: a later attempt beats an earlier one, whatever that has reached. */
export interface JobPosition {
  /** 1 for the first; 0 before any. */
  readonly attempt: number
  readonly status: string | null
}

/** True where `word` tells something newer than what is known: messages come repeated and in any order. */
export function isNewer(known: JobPosition, word: JobPosition): boolean {
  if (word.attempt !== known.attempt) return word.attempt > known.attempt
  return rank(word.status) > rank(known.status)
}

/** Both ends of a job stand at one place: which came first holds. */
const order: Readonly<Record<string, number>> = {
  ...Object.fromEntries(batchStatuses.map((status, at) => [status, at])),
  FAILED: batchStatuses.indexOf('SUCCEEDED'),
}

function rank(status: string | null): number {
  return status === null ? -1 : (order[status] ?? -1)
}

/**
 * The state of a submission, from those of its jobs: `queued` until one begins, `running` until all have ended, and
 * then how it went. One run that failed makes the submission `failed`; the others are published all the same.
 *
 * @param states at least one
 */
export function submissionStateOf(states: readonly TrainingJobState[]): SubmissionState {
  if (states.every(isFinalJob)) {
    if (states.includes('failed')) return 'failed'
    return states.includes('cancelled') ? 'cancelled' : 'finished'
  }
  return states.some((state) => state === 'running' || state === 'succeeded') ? 'running' : 'queued'
}
