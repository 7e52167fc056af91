import { relative } from 'node:path'
import type { Job } from '@mate-bench/harness'
import { digestSpec } from '@mate-bench/harness/spec'
import { defaultWorkers } from './command-options.ts'
import { formatError } from './errors/error-block.ts'
import { exitCodeOf } from './errors/exit-code.ts'
import { duration, plural } from './format/numbers.ts'
import { createPainter } from './format/paint.ts'
import { prepareBackend } from './prepare-backend.ts'
import { resumeCommand } from './resume-command.ts'
import {
  checkJobs,
  createJobs,
  type JobOptions,
  type SpecSeeds,
  type Trained,
  trainJobs,
} from './train-jobs.ts'

export interface RunOptions extends JobOptions {
  /** Runs at a time. Default: as many as there are cores for. */
  readonly workers: number | undefined
  readonly json: boolean
  /** The site whose ledger is told of every run before it trains. */
  readonly ledger?: LedgerTold | undefined
}

export interface LedgerTold {
  readonly url: string
  /** @default MATE_BENCH_TOKEN */
  readonly token?: string | undefined
  /** Which runs it is told of. @default all */
  readonly ofSpec?: string | undefined
}

/** Trains, then says what failed, how to go on, and where the folders are. Sets the exit code. */
export async function runSpecs(
  specs: readonly SpecSeeds[],
  options: RunOptions,
): Promise<{ trained: Trained; complete: boolean }> {
  await checkJobs(createJobs(specs, options))
  const { name: backend } = await prepareBackend(options.backend, options.settings)
  const jobs = createJobs(specs, { ...options, backend })
  const workers = options.workers ?? defaultWorkers(jobs.length, backend, options.settings?.threads)
  const began = performance.now()
  const ledger = options.ledger === undefined ? undefined : ledgerOptions(options.ledger)
  const isTold = ({ spec }: Job) => ledger?.ofSpec === undefined || digestSpec(spec) === ledger.ofSpec
  const trained = await trainJobs(jobs, {
    workers,
    json: options.json,
    beforeTraining:
      ledger && (async (open) => await (await loadLedger()).registerStarts(open.filter(isTold), ledger)),
  })
  if (ledger && trained.failures.length > 0)
    await (await loadLedger()).reportFailures(trained.failures, ledger)
  const { failures, interrupted, folders } = trained
  const paint = createPainter(process.stderr)
  for (const { labels, error } of groupFailures(failures)) {
    process.stderr.write(`${labels.join(', ')}:\n${formatError(error, paint)}`)
  }
  if (interrupted) {
    process.stderr.write(
      `${paint('yellow', 'Interrupted.')} Go on with:\n  ${resumeCommand(process.argv.slice(2))}\n`,
    )
    process.exitCode = 130
  } else if (failures.length > 0) {
    // Where nothing could begin for want of something that the user can mend, it is bad input.
    const codes = failures.map(({ error }) => exitCodeOf(error))
    process.exitCode = failures.length === jobs.length && codes.every((code) => code === 2) ? 2 : 1
  }
  if (!options.json && folders.length > 0) {
    const seconds = (performance.now() - began) / 1000
    process.stdout.write(
      `\n${folders.length} of ${plural(jobs.length, 'run')} complete, ${duration(seconds)}:\n`,
    )
    for (const folder of folders) process.stdout.write(`  ${shortest(folder)}\n`)
    process.stdout.write('\n')
  }
  return { trained, complete: folders.length === jobs.length }
}

const loadLedger = () => import('./ledger/register-starts.ts')

function ledgerOptions({ url, token = process.env.MATE_BENCH_TOKEN, ofSpec }: LedgerTold) {
  const paint = createPainter(process.stderr)
  const warn = (message: string) => process.stderr.write(`${paint('yellow', 'warning')} ${message}\n`)
  return { url, token, ofSpec, warn }
}

/** Runs that failed in the same way are told together. */
function groupFailures(failures: Trained['failures']) {
  const groups = new Map<string, { labels: string[]; error: Trained['failures'][number]['error'] }>()
  for (const { job, error } of failures) {
    const key = `${error.code} ${error.message}`
    const group = groups.get(key)
    if (group) group.labels.push(job.label)
    else groups.set(key, { labels: [job.label], error })
  }
  return groups.values()
}

/** The path as it is shorter to type from here. */
function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere !== '' && fromHere.length < path.length ? fromHere : path
}
