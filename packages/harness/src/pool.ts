import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BenchError, type ErrorCode, errorCodes } from '@mate-bench/schema'
import type { RunEvent } from './events.ts'
import type { RunOptions } from './run.ts'
import { runFolderPath } from './run-folder.ts'

/** One run for a process of its own. Plain data: it crosses a process border. */
export interface Job extends Omit<RunOptions, 'signal' | 'onEvent'> {
  /** What progress and errors call it, such as `quickstart-mate seed 1`. */
  readonly label: string
  /** Run folders that must be complete before it begins, such as those of its teachers; jobs of this pool make them. */
  readonly after?: readonly string[]
  /** Steps are told at most this often, 200 by default: progress is for people, and messages cost time. */
  readonly stepIntervalMilliseconds?: number
}

/** What a worker process sends to the pool. */
export type WorkerMessage =
  | { type: 'event'; event: RunEvent }
  | { type: 'done'; folder: string; alreadyComplete: boolean }
  | { type: 'failed'; error: { code: string; message: string; path?: string; hint?: string } }

export interface JobResult {
  readonly job: Job
  readonly folder: string | undefined
  readonly alreadyComplete: boolean
  readonly error: BenchError | undefined
}

/** Module that a worker process runs. */
export const workerModule = fileURLToPath(new URL('./pool-worker-entry.js', import.meta.url))

/** A process that is told to stop has so long to finish its step and save; then it is killed. */
export const stopMilliseconds = 60_000
/** A process that has told how its run went has so long to end by itself; then it is killed. */
export const endMilliseconds = 5_000

export interface PoolOptions {
  readonly workers: number
  readonly signal?: AbortSignal | undefined
  /** @default stopMilliseconds */
  readonly stopMilliseconds?: number
  /** Fires to end the processes at once; what was checkpointed stays. */
  readonly kill?: AbortSignal | undefined
  readonly onBegin?: ((job: Job) => void) | undefined
  readonly onEvent?: ((job: Job, event: RunEvent) => void) | undefined
  readonly onResult?: ((result: JobResult) => void) | undefined
}

/**
 * Runs jobs in a pool of processes, each with a backend of its own, those that others wait for before them. A job that fails
 * stops none but those that wait for it. No two jobs may wait for each other.
 *
 * When `signal` fires, running jobs save and stop, and waiting jobs are not begun; a process that has not stopped within
 * `stopMilliseconds` is killed.
 *
 * @returns one result a job, in the order of `jobs`
 */
export async function runPool(jobs: readonly Job[], options: PoolOptions): Promise<JobResult[]> {
  const results: JobResult[] = []
  const waiting = new Set(jobs.keys())
  const folderOf = ({ out, spec, seed }: Job) => runFolderPath(out, spec, seed)
  const settled = new Map<string, JobResult>()
  const inPool = new Set(jobs.map(folderOf))
  let wake: () => void = () => {}
  let changed = new Promise<void>((resolve) => {
    wake = resolve
  })
  const isReady = ({ after = [] }: Job) => after.every((folder) => settled.has(folder) || !inPool.has(folder))
  async function work(): Promise<void> {
    while (waiting.size > 0) {
      const index = [...waiting].find((i) => isReady(jobs[i] as Job))
      if (index === undefined) {
        await changed
        continue
      }
      waiting.delete(index)
      const job = jobs[index] as Job
      const failed = job.after?.map((folder) => settled.get(folder)).find((result) => result?.error)
      const result = options.signal?.aborted
        ? stopped(job)
        : failed
          ? withoutTeacher(job, failed.job)
          : await runJob(job, options)
      results[index] = result
      settled.set(folderOf(job), result)
      options.onResult?.(result)
      wake()
      changed = new Promise((resolve) => {
        wake = resolve
      })
    }
  }
  const workers = Math.max(1, Math.min(options.workers, jobs.length))
  await Promise.all(Array.from({ length: workers }, work))
  return results
}

/** A job that can't begin, since one that it waited for is not complete. */
function withoutTeacher(job: Job, teacher: Job): JobResult {
  const error = new BenchError({
    code: 'conflict',
    message: `It was not started: the run of its teacher, ${teacher.label}, is not complete.`,
    hint: 'Fix what stopped that one, and run again.',
  })
  return { job, folder: undefined, alreadyComplete: false, error }
}

const lastCheckpoint = 'Its last checkpoint stays.'

/** Asked to stop before it could say where it stood: not begun, still starting, or killed. */
function stopped(job: Job, message = `Stopped. ${lastCheckpoint}`): JobResult {
  const error = new BenchError({ code: 'interrupted', message })
  return { job, folder: undefined, alreadyComplete: false, error }
}

function runJob(job: Job, options: PoolOptions): Promise<JobResult> {
  const { signal, kill, onBegin, onEvent } = options
  const patience = options.stopMilliseconds ?? stopMilliseconds
  return new Promise((resolve) => {
    // Standard output belongs to the caller: a library's banner must not get into it.
    const child = fork(workerModule, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    const end = () => child.kill('SIGKILL')
    let lastResort: NodeJS.Timeout | undefined
    let isOverdue = false
    const endAfter = (milliseconds: number) => {
      clearTimeout(lastResort)
      lastResort = setTimeout(() => {
        isOverdue = true
        end()
      }, milliseconds)
    }
    const stop = () => {
      child.kill('SIGTERM')
      endAfter(patience)
    }
    let outcome: Omit<JobResult, 'job'> | undefined
    let stderr = ''
    onBegin?.(job)
    // A process that can't be started or reached tells it here; without a listener it would end the pool.
    child.on('error', (thrown) => {
      stderr += `${thrown.message}\n`
      if (child.pid === undefined) resolve({ job, ...crashed(job, child, null, null, stderr) })
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4000)
    })
    child.on('message', (message: WorkerMessage) => {
      if (message.type === 'event') onEvent?.(job, message.event)
      else {
        outcome = outcomeOf(message)
        endAfter(endMilliseconds)
      }
    })
    child.on('close', (code, killedBy) => {
      clearTimeout(lastResort)
      signal?.removeEventListener('abort', stop)
      kill?.removeEventListener('abort', end)
      if (outcome) resolve({ job, ...outcome })
      else if (!signal?.aborted) resolve({ job, ...crashed(job, child, code, killedBy, stderr) })
      else if (!isOverdue) resolve(stopped(job))
      else resolve(stopped(job, `Killed: it did not stop within ${patience / 1000} s. ${lastCheckpoint}`))
    })
    signal?.addEventListener('abort', stop, { once: true })
    kill?.addEventListener('abort', end, { once: true })
    child.send(job)
  })
}

function outcomeOf(message: Exclude<WorkerMessage, { type: 'event' }>): Omit<JobResult, 'job'> {
  if (message.type === 'done') {
    return { folder: message.folder, alreadyComplete: message.alreadyComplete, error: undefined }
  }
  const { code, ...rest } = message.error
  const known = errorCodes.find((candidate): candidate is ErrorCode => candidate === code) ?? 'internal'
  return { folder: undefined, alreadyComplete: false, error: new BenchError({ code: known, ...rest }) }
}

function crashed(
  job: Job,
  child: ChildProcess,
  code: number | null,
  killedBy: string | null,
  stderr: string,
) {
  const how = killedBy ? `was killed by ${killedBy}` : `ended with exit code ${code}`
  const last = stderr.trim().split('\n').slice(-5).join('\n')
  const error = new BenchError({
    code: 'internal',
    message: `The process of the run (${child.pid ?? 'not started'}) ${how}.${last ? `\n${last}` : ''}`,
    hint: crashHint(job.backend, code, killedBy),
  })
  return { folder: undefined, alreadyComplete: false, error }
}

/** Faults of machine code, by signal and by exit code on Windows (access violation, illegal instruction). */
const faults: readonly (string | number | null)[] = [
  'SIGSEGV',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGABRT',
  0xc0000005,
  0xc000001d,
]

function crashHint(backend: Job['backend'], code: number | null, killedBy: string | null): string {
  const resume = 'Go on with the same command and --resume.'
  if (killedBy === 'SIGKILL') return `If the machine ran out of memory, use fewer --workers. ${resume}`
  if (!faults.includes(killedBy ?? code)) return resume
  return `The library of backend '${backend}' crashed. ${resume} If it crashes again: \`mate-bench doctor\` tries every backend, and \`--backend wasm\` has no such library.`
}
