import { parseSpec } from '@mate-bench/harness/spec'
import { BenchError } from '@mate-bench/schema'
import {
  type Claim,
  claimSubmission,
  confirmLease,
  endLease,
  type Lease,
  type Outcome,
  workErrorFromUnknown,
} from '@mate-bench/store'
import { ProgressBoard, publishFolder } from '@mate-bench/worker'
import { checkPublished } from './check-published.ts'
import { type Heartbeat, startHeartbeat } from './heartbeat.ts'
import { registerRun } from './register-run.ts'
import { failed, type Reason, type Session, stopped, type WorkerContext } from './session.ts'
import { trainSeed } from './train-seed.ts'

/** Of this process so far. What is taken a second time is another lease, so that it has another name. */
let claims = 0

/** Takes one submission, does what it asks for, publishes runs or verdicts, and writes down how it went. */
export async function trainSubmission(context: WorkerContext, submissionId: string): Promise<void> {
  const { db, name, say } = context
  // What a stopping worker is given now goes straight to another one.
  if (context.stop.aborted) throw new BenchError({ code: 'interrupted', message: 'This worker is stopping.' })
  const lease: Lease = { submissionId, worker: `${name}.${++claims}` }
  const askedAt = performance.now()
  const claim = await claimSubmission(db, lease)
  if (!claim.taken) {
    if (claim.waitsFor !== undefined) say(`${submissionId}: ${claim.waitsFor}`)
    return
  }
  say(`${submissionId}: taken`)
  const outcome = await train(context, { lease, askedAt, claim })
  const ended = await endLease(db, lease, outcome)
  say(`${submissionId}: ${ended ? describeOutcome(outcome) : 'taken away by another worker'}`)
}

function describeOutcome(outcome: Outcome): string {
  if (outcome.state === 'failed') return `failed: ${outcome.failure}`
  return outcome.state === 'queued' ? `handed back: ${outcome.note}` : outcome.state
}

interface Taken {
  readonly lease: Lease
  /** When it was asked for, by `performance.now()`. */
  readonly askedAt: number
  readonly claim: Extract<Claim, { taken: true }>
}

async function train(context: WorkerContext, { lease, askedAt, claim }: Taken): Promise<Outcome> {
  const stopRun = new AbortController()
  let reason: Reason | undefined
  const stopFor = (why: Reason) => {
    reason ??= why
    stopRun.abort()
  }
  const onStop = () => stopFor('stop')
  context.stop.addEventListener('abort', onStop, { once: true })
  let board: ProgressBoard | undefined
  let heartbeat: Heartbeat | undefined
  try {
    const spec = parseSpec(claim.submission.spec, 'the submitted spec')
    board = new ProgressBoard(spec.seeds)
    board.say(`Worker ${lease.worker} begins.`)
    heartbeat = startHeartbeat({
      ...context,
      lease,
      askedAt,
      board,
      onCancel: () => stopFor('cancel'),
      onLost: () => stopFor('lost'),
    })
    const session: Session = {
      ...{ lease, spec, board, signal: stopRun.signal },
      submission: claim.submission,
      publishedSeeds: claim.publishedSeeds,
      holds: heartbeat.holds,
      reason: () => reason,
    }
    return claim.submission.kind === 'training'
      ? await trainRuns(context, session)
      : await checkPublished(context, session)
  } catch (thrown) {
    const error = workErrorFromUnknown(thrown)
    // A database that went away: the job fails, the lease runs out, and the next worker finds the runs complete.
    if (error.code === 'storage') throw error
    if (error.code === 'interrupted' && reason && board) return stopped(reason, error, board)
    return failed(error, board)
  } finally {
    context.stop.removeEventListener('abort', onStop)
    await heartbeat?.close()
  }
}

async function trainRuns(context: WorkerContext, session: Session): Promise<Outcome> {
  const { lease, spec, board, publishedSeeds, holds, reason } = session
  for (const seed of spec.seeds) {
    if (publishedSeeds.has(seed)) {
      board.publishing(seed, 'published')
      continue
    }
    const runId = await registerRun(context, session, seed)
    const result = await trainSeed(context, session, { seed, runId })
    if (!holds()) return stopped('lost', undefined, board)
    if (result.error) return stopped(reason(), result.error, board)
    if (!result.folder) throw new RangeError('a run without an error has a folder')
    board.publishing(seed, 'publishing')
    await publishFolder(context.db, context.artifacts, result.folder, {
      tier: 'recomputed',
      submissionId: lease.submissionId,
      confirm: (tx) => confirmLease(tx, lease),
    })
    board.publishing(seed, 'published')
    board.say(`seed ${seed}: published`)
    // Asked after the last run: there is nothing left to stop.
    if (reason() && seed !== spec.seeds.at(-1)) return stopped(reason(), undefined, board)
  }
  return { state: 'finished' }
}
