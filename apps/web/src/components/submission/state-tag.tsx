import type { SubmissionState } from '@mate-bench/store'

const tones: Readonly<Record<SubmissionState, string>> = {
  submitted: 'text-soft',
  approved: 'text-soft',
  queued: 'text-ink',
  running: 'text-accent border-accent!',
  finished: 'text-good border-good!',
  failed: 'text-bad border-bad!',
  rejected: 'text-bad border-bad!',
  cancelled: 'text-soft',
}

/** The state of a submission, in the colour of what it means for its owner. */
export function StateTag({ state }: { state: SubmissionState }) {
  return <span className={`tag ${tones[state]}`}>{state}</span>
}
