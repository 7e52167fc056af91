import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { BackendSettings } from '@mate-bench/backends'
import { BenchError } from '@mate-bench/schema'
import {
  type Db,
  databaseUrlFromEnvironment,
  openArtifacts,
  queueApproved,
  requeueLost,
  restoreJobs,
  type Store,
  storeErrorFromUnknown,
  sweepExpired,
  trainTask,
} from '@mate-bench/store'
import { listenForStop } from '@mate-bench/worker'
import { Logger, run, runMigrations } from 'graphile-worker'
import { z } from 'zod'
import type { BackendChoice } from '../command-options.ts'
import { prepareBackend } from '../prepare-backend.ts'
import { withStore } from '../prepared-store.ts'
import { stopWhenIdle } from './stop-when-idle.ts'
import { trainSubmission } from './train-submission.ts'

export interface WorkerOptions {
  /** End when nothing waits any more. */
  readonly once: boolean
  /** What submissions call this worker, for everybody to read; a random ending makes it unique. */
  readonly name: string | undefined
  /** Submissions at a time. */
  readonly concurrency: number
  readonly backend: BackendChoice
  readonly settings: BackendSettings
  readonly dataFolder: string | undefined
  readonly runs: string
  readonly checkpointEverySteps: number | undefined
  readonly leaseSeconds: number
  readonly say: (line: string) => void
}

const payloadSchema = z.object({ submissionId: z.string() })

/**
 * Takes submissions from the queue until it is stopped, or with `once` until none waits.
 * @throws BenchError `storage` when the database can't be reached
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { say, leaseSeconds } = options
  // Everybody may read it, so it does not name the host by itself.
  const ending = randomBytes(4).toString('hex')
  const name = options.name === undefined ? ending : `${options.name}-${ending}`
  const runs = resolve(options.runs)
  mkdirSync(runs, { recursive: true })
  const { name: backend } = await prepareBackend(options.backend, options.settings)
  await withStore(async (store) => {
    const { db } = store
    const connectionString = queueUrl(store)
    await installQueue(connectionString)
    await tidy(db, leaseSeconds, say)
    const signals = listenForStop(() => say('Stopping: running submissions save and go back to the queue.'))
    const context = {
      ...options,
      backend,
      db,
      artifacts: await openArtifacts(),
      name,
      runs,
      stop: signals.stop,
      kill: signals.kill,
    }
    const runner = await run({
      connectionString,
      concurrency: options.concurrency,
      noHandleSignals: true,
      pollInterval: 2000,
      logger: quietLogger(say),
      taskList: {
        [trainTask]: async (payload) =>
          await trainSubmission(context, payloadSchema.parse(payload).submissionId),
      },
      parsedCronItems: [],
    })
    say(`Worker ${name} on ${store.where}, runs in ${runs}.`)
    const stop = () => {
      runner.stop().catch(() => {})
    }
    // Before the runs hear of it, so that this worker does not take again what it hands back.
    signals.stop.addEventListener('abort', stop, { once: true })
    if (options.once) stopWhenIdle(runner, stop)
    const timer = setInterval(
      () => {
        tidy(db, leaseSeconds, say).catch((thrown: unknown) => say(storeErrorFromUnknown(thrown).message))
      },
      (leaseSeconds * 1000) / 3,
    )
    try {
      await runner.promise
    } finally {
      clearInterval(timer)
      signals.close()
    }
    if (signals.stop.aborted) throw interrupted()
  })
}

/** Makes or updates the queue's own tables. */
async function installQueue(connectionString: string): Promise<void> {
  await runMigrations({ connectionString, logger: quietLogger(() => {}) }).catch((thrown: unknown) => {
    throw storeErrorFromUnknown(thrown, { doing: 'preparing the queue' })
  })
}

/** What any worker does for all: takes from lost workers, queues what waited for a queue, forgets what is over. */
async function tidy(db: Db, leaseSeconds: number, say: (line: string) => void): Promise<void> {
  for (const id of await requeueLost(db, leaseSeconds)) say(`${id}: its worker was lost, queued again`)
  for (const id of await queueApproved(db)) say(`${id}: queued`)
  for (const id of await restoreJobs(db, leaseSeconds))
    say(`${id}: its place in the queue was lost, queued again`)
  await sweepExpired(db)
}

/** The queue listens, for which it needs a connection of its own to Postgres itself, not to a pooler. */
function queueUrl(store: Store): string {
  const url = process.env.DATABASE_URL_UNPOOLED || databaseUrlFromEnvironment() || store.embedded?.url
  if (url !== undefined) return url
  throw new BenchError({ code: 'bad-input', message: 'The queue needs a Postgres.', path: 'DATABASE_URL' })
}

function interrupted(): BenchError {
  return new BenchError({
    code: 'interrupted',
    message: 'Stopped. What it was training waits in the queue, with its checkpoint.',
    hint: 'Any worker with the same --runs folder resumes from there.',
  })
}

/** Its own chatter stays out of the log; what went wrong does not. */
function quietLogger(say: (line: string) => void): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') say(`queue: ${message.split('\n', 1).join('')}`)
  })
}
