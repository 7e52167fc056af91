import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BackendName } from '@mate-bench/backends'
import { trainerExitCodes, withoutAccounts } from '@mate-bench/cloud'
import { parseSpec } from '@mate-bench/harness/spec'
import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import {
  type ArtifactStore,
  type Attempt,
  beginTrainingJob,
  type Db,
  endTrainingJob,
  holdsTrainingJob,
  loadTrainingJob,
  storeErrorFromUnknown,
  type TrainingJobOutcome,
  withRetry,
  workErrorFromUnknown,
} from '@mate-bench/store'
import { ProgressBoard, publishFolder, withoutPaths } from '@mate-bench/worker'
import type { ObjectStore } from './object-store.ts'
import { RemoteCheckpoint } from './remote-checkpoint.ts'
import { startReports } from './reports.ts'
import { trainToTheEnd } from './train-to-the-end.ts'

export interface TrainRunOptions {
  readonly db: Db
  readonly artifacts: ArtifactStore
  readonly runId: string
  /** What AWS Batch calls its job, and its attempt at it, 1 for the first; undefined where somebody starts it by hand. */
  readonly job: { readonly batchJobId: string; readonly attempt: number } | undefined
  readonly backend: BackendName
  /** Folder for the run while it trains. */
  readonly work: string
  readonly dataFolder: string | undefined
  /** Where checkpoints are kept between machines. */
  readonly checkpoints: ObjectStore
  /** Where datasets are kept between machines. */
  readonly dataCache: ObjectStore | undefined
  readonly checkpointEverySteps: number | undefined
  /** Fires when this attempt has to save and end; its reason is a BenchError where it is not a signal's doing. */
  readonly stop: AbortSignal
  /** Fires to end at once. */
  readonly kill: AbortSignal
  readonly say: (line: string) => void
}

type ExitCode = (typeof trainerExitCodes)[keyof typeof trainerExitCodes]

interface Ending {
  readonly code: ExitCode
  /** Left out where the job has been ended by somebody else. */
  readonly outcome?: TrainingJobOutcome
}

/**
 * Trains the run that was given this id, from its last checkpoint where there is one, publishes it, and writes down
 * how it went.
 *
 * @returns the process's exit code
 */
export async function trainRun(options: TrainRunOptions): Promise<ExitCode> {
  const { db, runId, job, say } = options
  let attempt: Attempt | undefined
  let ending: Ending
  try {
    const known = await ask(() => loadTrainingJob(db, runId))
    attempt = { runId, ...(job ?? { attempt: known.job.attempt + 1 }) }
    ending = await train(options, attempt, known)
  } catch (thrown) {
    ending = endingOf(workErrorFromUnknown(thrown), attempt?.attempt ?? 1, options)
  }
  const { code, outcome } = ending
  if (!outcome || !attempt) return code
  const ended = attempt
  try {
    await ask(() => endTrainingJob(db, ended, outcome))
  } catch (thrown) {
    // The service tells how the container ended, and the reconciler asks it.
    say(`not written down: ${benchErrorFromUnknown(thrown).message}`)
    return code === trainerExitCodes.done ? trainerExitCodes.tryAgain : code
  }
  return code
}

async function train(
  options: TrainRunOptions,
  attempt: Attempt,
  { job, submission }: Awaited<ReturnType<typeof loadTrainingJob>>,
): Promise<Ending> {
  const { db, runId, say } = options
  const word = await ask(() => beginTrainingJob(db, attempt))
  if (word === 'over') {
    say(`${runId}: nothing is left to do`)
    return { code: trainerExitCodes.done }
  }
  if (word === 'cancelled') return cancelled(say)
  const spec = parseSpec(submission.spec, 'the submitted spec')
  const { seed } = job
  say(`${runId}: ${spec.name} seed ${seed}, attempt ${attempt.attempt}, ${options.backend}`)

  const stopRun = new AbortController()
  const wanted = { cancelled: false, over: false }
  const onStop = () => stopRun.abort(options.stop.reason)
  options.stop.addEventListener('abort', onStop, { once: true })
  if (options.stop.aborted) onStop()
  const board = new ProgressBoard([seed])
  // Before the data comes, which takes its time: what nothing is heard of is given up.
  const reports = startReports({
    db,
    attempt,
    board,
    onCancel: () => {
      wanted.cancelled = true
      stopRun.abort()
    },
    onOver: () => {
      wanted.over = true
      stopRun.abort()
    },
  })
  // A folder of its own: another run of the same spec and seed has another id.
  const out = join(options.work, runId)
  const checkpoint = new RemoteCheckpoint(options.checkpoints, runId)
  /** What stays behind after this is swept by the bucket's own rule. */
  const forget = async () => {
    rmSync(out, { recursive: true, force: true })
    await checkpoint.drop().catch((thrown: unknown) => say(benchErrorFromUnknown(thrown).message))
  }
  try {
    const work = { spec, seed, out, checkpoint, board, signal: stopRun.signal, isLost: () => wanted.over }
    const trained = await trainToTheEnd(options, work).catch(async (thrown: unknown) => {
      // Who asked to stop may have sent the signal too, which is here before the next report hears of it.
      await reports.close()
      if (wanted.cancelled) return undefined
      throw thrown
    })
    if (wanted.over) return lost(runId, say)
    if (trained === undefined) {
      await forget()
      return cancelled(say)
    }
    board.publishing(seed, 'publishing')
    await publishFolder(db, options.artifacts, trained, {
      tier: 'recomputed',
      submissionId: submission.id,
      async confirm(tx) {
        wanted.over = !(await holdsTrainingJob(tx, attempt))
        if (wanted.over) throw new BenchError({ code: 'conflict', message: `${runId} is another attempt’s.` })
      },
    })
    board.publishing(seed, 'published')
    board.say(`seed ${seed}: published`)
    say(`${runId}: published`)
  } catch (thrown) {
    if (wanted.over) return lost(runId, say)
    throw thrown
  } finally {
    options.stop.removeEventListener('abort', onStop)
    await reports.close()
  }
  await forget()
  return { code: trainerExitCodes.done, outcome: { state: 'succeeded' } }
}

/** What is asked of the database here may be asked again. @throws BenchError `storage` where it is away for longer */
async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await withRetry(question)
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown)
  }
}

/** Whoever has the run now ends it. */
function lost(runId: string, say: (line: string) => void): Ending {
  say(`${runId}: it has ended, or another attempt has it`)
  return { code: trainerExitCodes.done }
}

function cancelled(say: (line: string) => void): Ending {
  say('cancelled')
  return { code: trainerExitCodes.done, outcome: { state: 'cancelled' } }
}

/** What another try may find better is worth one; what would be refused again is not. */
const worthAnotherTry = new Set<BenchError['code']>(['storage', 'offline', 'interrupted', 'conflict'])

/**
 * A process that crashed, a device that failed, memory that ran out: the machine's doing, or a defect of ours. So many
 * attempts tell which.
 */
const attemptsAtDefects = 3

/** Whether this attempt should be followed by another. */
export function isWorthAnotherTry({ code }: BenchError, attempt: number): boolean {
  return worthAnotherTry.has(code) || (code === 'internal' && attempt < attemptsAtDefects)
}

function endingOf(error: BenchError, attempt: number, options: TrainRunOptions): Ending {
  const details = error.problems.map(({ path, message }) => `${path}: ${message}`)
  const particulars = withoutPaths([error.message, ...details].join(' ')).slice(0, 2000)
  options.say(particulars)
  // What follows is for everybody to read.
  const message = withoutAccounts(particulars)
  if (isWorthAnotherTry(error, attempt)) {
    const note = error.code === 'interrupted' ? (whyStopped(options) ?? message) : message
    return { code: trainerExitCodes.tryAgain, outcome: { state: 'interrupted', note } }
  }
  const code =
    error.code === 'backend-unavailable' ? trainerExitCodes.noAccelerator : trainerExitCodes.refused
  return { code, outcome: { state: 'failed', failure: message } }
}

/** Undefined where nobody asked this attempt to stop. */
function whyStopped({ stop, job }: TrainRunOptions): string | undefined {
  if (!stop.aborted) return undefined
  if (stop.reason instanceof BenchError) return stop.reason.message
  return job
    ? 'The machine was taken away; its last checkpoint stays.'
    : 'It was stopped by hand; its last checkpoint stays.'
}
