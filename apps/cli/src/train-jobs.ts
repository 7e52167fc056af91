import type { BackendSettings } from '@mate-bench/backends'
import { datasetStatus, describeDataset, howToGet } from '@mate-bench/datasets'
import type { Job, JobResult, Spec } from '@mate-bench/harness'
import { findTrainedRun } from '@mate-bench/harness/find-trained'
import { runPool } from '@mate-bench/harness/pool'
import { clearLockOfComplete, isComplete, isUnfinished, runFolderPath } from '@mate-bench/harness/run-folder'
import { teacherChain, teacherSpecsOf } from '@mate-bench/harness/teachers'
import { BenchError } from '@mate-bench/schema'
import { listenForStop } from '@mate-bench/worker'
import type { BackendChoice } from './command-options.ts'
import { packPicturesOf } from './picture-files.ts'
import { createJsonReporter } from './progress/json-reporter.ts'
import { createLineReporter } from './progress/line-reporter.ts'
import { createLiveReporter } from './progress/live-reporter.ts'
import type { Reporter } from './progress/reporter.ts'

export interface JobOptions {
  readonly out: string
  readonly backend: BackendChoice
  readonly settings?: BackendSettings | undefined
  readonly dataFolder: string | undefined
  readonly resume: boolean
  readonly allowDifferentEnvironment?: boolean
  /** Leave a run alone that was trained for a spec which differs in its list of seeds alone. */
  readonly keepTrained?: boolean
  readonly checkpointEverySteps: number | undefined
}

/** One spec with the seeds that are asked for. */
export interface SpecSeeds {
  readonly spec: Spec
  readonly seeds: readonly number[]
}

/** A run, and whether one of another list of seeds stands for it. */
type TrainJob = Job & Pick<JobOptions, 'keepTrained'>

/**
 * The runs that are asked for, and before them those that they learn from, as far down as the chain of teachers goes: of the
 * same seeds, each once.
 */
export function createJobs(specs: readonly SpecSeeds[], options: JobOptions): TrainJob[] {
  const jobOf = (spec: Spec, seed: number): TrainJob => {
    const after = teacherSpecsOf(spec).map((teacher) => runFolderPath(options.out, teacher, seed))
    const label = `${spec.name} seed ${seed}`
    return { spec, seed, label, ...(after.length > 0 ? { after } : {}), ...options }
  }
  const folderOf = ({ spec, seed }: TrainJob) => runFolderPath(options.out, spec, seed)
  const asked = specs.flatMap(({ spec, seeds }) => seeds.map((seed) => jobOf(spec, seed)))
  const teaching = specs.flatMap(({ spec, seeds }) =>
    teacherChain(spec).flatMap((teacher) => seeds.map((seed) => jobOf(teacher, seed))),
  )
  const others = new Map(teaching.map((job) => [folderOf(job), job]))
  for (const job of asked) others.delete(folderOf(job))
  return [...others.values(), ...asked]
}

/**
 * What would stop the runs before their first step is refused before any of them begins.
 *
 * @throws BenchError `data-missing`, `conflict`
 */
export async function checkJobs(jobs: readonly Job[]): Promise<void> {
  const folders = new Set<string>()
  for (const { spec, seed, out, label } of jobs) {
    const folder = runFolderPath(out, spec, seed)
    if (folders.has(folder)) {
      throw new BenchError({
        code: 'bad-input',
        message: `The run "${label}" was given twice.`,
        path: folder,
        hint: 'Name each spec once.',
      })
    }
    folders.add(folder)
  }
  const needed = new Map(
    jobs.map(({ spec, dataFolder }) => [JSON.stringify(spec.dataset), { options: spec.dataset, dataFolder }]),
  )
  for (const { options, dataFolder } of needed.values()) {
    const dataset = describeDataset(options)
    const { name } = dataset
    const status = await datasetStatus(dataset, dataFolder === undefined ? {} : { dataFolder })
    if (status.missing.length === 0) continue
    throw new BenchError({
      code: 'data-missing',
      message: `The dataset ${name} is not here yet: ${status.missing.join(', ')} missing.`,
      path: status.folder,
      hint: howToGet(dataset),
    })
  }
  const unfinished = jobs.filter(({ spec, seed, out, resume }) => !resume && isUnfinished(out, spec, seed))
  if (unfinished.length === 0) return
  throw new BenchError({
    code: 'conflict',
    message: `Unfinished already: ${unfinished.map(({ label }) => label).join(', ')}.`,
    path: unfinished.map(({ spec, seed, out }) => `${runFolderPath(out, spec, seed)}.partial`).join(', '),
    hint: 'Add --resume to go on from the last checkpoint, or delete these folders to start again.',
  })
}

export interface TrainOptions {
  readonly workers: number
  readonly json: boolean
  /** Called with the runs that are about to begin. */
  readonly beforeTraining?: ((jobs: readonly Job[]) => Promise<void>) | undefined
}

export interface Trained {
  /** Of all jobs, complete ones included, in the order of the jobs. */
  readonly folders: readonly string[]
  readonly failures: readonly (JobResult & { readonly error: BenchError })[]
  readonly interrupted: boolean
}

/** Packs the pictures that runs need, before any of them begins, telling how it goes on the stream that is for people. */
async function prepareFor(jobs: readonly Job[], json: boolean): Promise<void> {
  const needed = new Map(
    jobs.map(({ spec, dataFolder }) => [JSON.stringify(spec.dataset), { options: spec.dataset, dataFolder }]),
  )
  for (const { options, dataFolder } of needed.values()) {
    const dataset = describeDataset(options)
    if ('pictures' in dataset)
      await packPicturesOf(dataset, dataFolder, json ? process.stderr : process.stdout)
  }
}

/** Runs the jobs that are not complete yet, tells how they go, and stops them cleanly on a signal. */
export async function trainJobs(
  jobs: readonly TrainJob[],
  { workers, json, beforeTraining }: TrainOptions,
): Promise<Trained> {
  const reporter = createReporter(jobs, json)
  const open: TrainJob[] = []
  for (const job of jobs) {
    const folder = trainedFolder(job)
    if (folder === undefined) {
      open.push(job)
      continue
    }
    clearLockOfComplete(job.out, job.spec, job.seed)
    reporter.skipped(job.label, folder)
  }
  await prepareFor(open, json)
  await beforeTraining?.(open)
  const signals = listenForStop(() => reporter.stopping())
  const results: JobResult[] = []
  try {
    results.push(
      ...(await runPool(open, {
        workers,
        signal: signals.stop,
        kill: signals.kill,
        onBegin: (job) => reporter.begun(job.label),
        onEvent: (job, event) => reporter.event(job.label, event),
        onResult: (result) => reporter.result(result),
      })),
    )
  } finally {
    signals.close()
    reporter.close()
  }
  const failures = results.flatMap((result) => (result.error ? [{ ...result, error: result.error }] : []))
  return {
    folders: jobs.flatMap((job) => trainedFolder(job) ?? []),
    failures: failures.filter(({ error }) => error.code !== 'interrupted'),
    interrupted: signals.stop.aborted,
  }
}

function trainedFolder({ out, spec, seed, keepTrained }: TrainJob): string | undefined {
  if (keepTrained) return findTrainedRun(out, spec, seed)
  return isComplete(out, spec, seed) ? runFolderPath(out, spec, seed) : undefined
}

function createReporter(jobs: readonly Job[], json: boolean): Reporter {
  const write = (line: string) => process.stdout.write(`${line}\n`)
  if (json) return createJsonReporter(write)
  if (!process.stdout.isTTY || process.env.TERM === 'dumb') return createLineReporter(write)
  return createLiveReporter(
    process.stdout,
    jobs.map(({ label }) => label),
  )
}
