import { join } from 'node:path'
import type { BackendName, BackendSettings } from '@mate-bench/backends'
import type { Job, JobResult } from '@mate-bench/harness'
import { runPool } from '@mate-bench/harness/pool'
import type { Manifest } from '@mate-bench/schema'
import { bringTeachers } from '@mate-bench/worker'
import type { Session, WorkerContext } from './session.ts'

interface SeedRun {
  readonly seed: number
  /** Published runs to learn from. @default the first that were published and stand */
  readonly teachers?: Manifest['teachers']
  /** Default: a new one. */
  readonly runId?: string | undefined
  /** Default: that of the worker. */
  readonly backend?: BackendName | undefined
  readonly settings?: BackendSettings | undefined
}

/** One run, in a process of its own. */
export async function trainSeed(
  context: WorkerContext,
  { lease, spec, board, signal }: Session,
  { seed, teachers, runId, backend = context.backend, settings = context.settings }: SeedRun,
): Promise<JobResult> {
  const out = join(context.runs, lease.submissionId)
  for (const id of await bringTeachers(context.db, context.artifacts, { spec, seed, out, teachers })) {
    board.say(`seed ${seed}: learns from ${id}`)
  }
  const job: Job = {
    label: `seed ${seed}`,
    spec,
    seed,
    runId,
    out,
    backend,
    settings,
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
