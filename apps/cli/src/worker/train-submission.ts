import { join } from 'node:path'
import type { BackendName, BackendSettings } from '@mate-bench/backends'
import type { Job, JobResult, Spec } from '@mate-bench/harness'
import { runPool } from '@mate-bench/harness/pool'
import { parseSpec } from '@mate-bench/harness/spec'
import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import {
  type ArtifactStore,
  type Claim,
  claimSubmission,
  confirmLease,
  type Db,
  endLease,
  type Lease,
  type Outcome,
} from '@mate-bench/store'
import { ProgressBoard, publishFolder, withoutPaths } from '@mate-bench/worker'
import { type Heartbeat, startHeartbeat } from './heartbeat.ts'

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
type Reason = 'cancel' | 'lost' | 'stop'

/** Of this process so far. What is taken a second time is another lease, so that it has another name. */
let claims = 0

/** Takes one submission, trains its runs, publishes them, and writes down how it went. */
export async function trainSubmission(context: WorkerContext, submissionId: string): Promise<void> {
  const { db, name, say } = context
  // What a stopping worker is given now goes straight to another one.
  if (context.stop.aborted) throw new BenchError({ code: 'interrupted', message: 'This worker is stopping.' })
  const lease: Lease = { submissionId, worker: `${name}.${++claims}` }
  const askedAt = performance.now()
  const claim = await claimSubmission(db, lease)
  if (!claim.taken) return
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
    for (const seed of spec.seeds) {
      if (claim.publishedSeeds.has(seed)) {
        board.publishing(seed, 'published')
        continue
      }
      const result = await trainSeed(context, lease, { spec, seed, board, signal: stopRun.signal })
      if (!heartbeat.holds()) return stopped('lost', undefined, board)
      if (result.error) return stopped(reason, result.error, board)
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
      if (reason && seed !== spec.seeds.at(-1)) return stopped(reason, undefined, board)
    }
    return { state: 'finished' }
  } catch (thrown) {
    const error = benchErrorFromUnknown(thrown)
    // A database that went away: the job fails, the lease runs out, and the next worker finds the runs complete.
    if (error.code === 'storage') throw thrown
    return failed(error, board)
  } finally {
    context.stop.removeEventListener('abort', onStop)
    await heartbeat?.close()
  }
}

interface SeedRun {
  readonly spec: Spec
  readonly seed: number
  readonly board: ProgressBoard
  readonly signal: AbortSignal
}

/** One run, in a process of its own. */
async function trainSeed(
  context: WorkerContext,
  lease: Lease,
  { spec, seed, board, signal }: SeedRun,
): Promise<JobResult> {
  const job: Job = {
    label: `seed ${seed}`,
    spec,
    seed,
    out: join(context.runs, lease.submissionId),
    backend: context.backend,
    settings: context.settings,
    dataFolder: context.dataFolder,
    checkpointEverySteps: context.checkpointEverySteps,
    resume: true,
    // Whoever lost it may have been another machine, or this one before an update: the manifest says so.
    allowDifferentEnvironment: true,
    stepIntervalMilliseconds: 1000,
  }
  const [result] = await runPool([job], {
    workers: 1,
    signal,
    kill: context.kill,
    onEvent: (_, event) => board.event(seed, event),
  })
  if (!result) throw new RangeError('a job gives a result')
  return result
}

function stopped(reason: Reason | undefined, error: BenchError | undefined, board: ProgressBoard): Outcome {
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

function failed(error: BenchError, board: ProgressBoard | undefined): Outcome {
  const details = error.problems.map(({ path, message }) => `${path}: ${message}`)
  const failure = withoutPaths([error.message, ...details].join(' ')).slice(0, 2000)
  board?.say(`Failed: ${failure}`)
  return { state: 'failed', failure }
}
