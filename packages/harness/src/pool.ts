import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BenchError, type ErrorCode, errorCodes } from '@mate-bench/schema'
import type { RunEvent } from './events.ts'
import type { RunOptions } from './run.ts'

/** One run for a process of its own. Plain data: it crosses a process border. */
export interface Job extends Omit<RunOptions, 'signal' | 'onEvent'> {
  /** What progress and errors call it, such as `quickstart-mate seed 1`. */
  readonly label: string
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

export interface PoolOptions {
  readonly workers: number
  readonly signal?: AbortSignal | undefined
  /** Fires to end the processes at once; what was checkpointed stays. */
  readonly kill?: AbortSignal | undefined
  readonly onBegin?: ((job: Job) => void) | undefined
  readonly onEvent?: ((job: Job, event: RunEvent) => void) | undefined
  readonly onResult?: ((result: JobResult) => void) | undefined
}

/**
 * Runs jobs in a pool of processes, each with a backend of its own. A job that fails does not stop the others.
 * When `signal` fires, running jobs save and stop, and waiting jobs are not begun.
 *
 * @returns one result a job, in the order of `jobs`
 */
export async function runPool(jobs: readonly Job[], options: PoolOptions): Promise<JobResult[]> {
  const results: JobResult[] = []
  let next = 0
  async function work(): Promise<void> {
    for (;;) {
      const index = next++
      const job = jobs[index]
      if (!job) return
      const result = options.signal?.aborted ? stopped(job) : await runJob(job, options)
      results[index] = result
      options.onResult?.(result)
    }
  }
  const workers = Math.max(1, Math.min(options.workers, jobs.length))
  await Promise.all(Array.from({ length: workers }, work))
  return results
}

/** Asked to stop before it could say where it stood: not begun, still starting, or killed. */
function stopped(job: Job): JobResult {
  const error = new BenchError({ code: 'interrupted', message: 'Stopped; its last checkpoint stays.' })
  return { job, folder: undefined, alreadyComplete: false, error }
}

function runJob(job: Job, { signal, kill, onBegin, onEvent }: PoolOptions): Promise<JobResult> {
  return new Promise((resolve) => {
    // Standard output belongs to the caller: a library's banner must not get into it.
    const child = fork(workerModule, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    const stop = () => child.kill('SIGTERM')
    const end = () => child.kill('SIGKILL')
    let outcome: Omit<JobResult, 'job'> | undefined
    let stderr = ''
    onBegin?.(job)
    // A process that can't be started or reached tells it here; without a listener it would end the pool.
    child.on('error', (thrown) => {
      stderr += `${thrown.message}\n`
      if (child.pid === undefined) resolve({ job, ...crashed(child, null, null, stderr) })
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4000)
    })
    child.on('message', (message: WorkerMessage) => {
      if (message.type === 'event') onEvent?.(job, message.event)
      else outcome = outcomeOf(message)
    })
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', stop)
      kill?.removeEventListener('abort', end)
      const ended = () =>
        signal?.aborted ? stopped(job) : { job, ...crashed(child, code, killedBy, stderr) }
      resolve(outcome ? { job, ...outcome } : ended())
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

function crashed(child: ChildProcess, code: number | null, killedBy: string | null, stderr: string) {
  const how = killedBy ? `was killed by ${killedBy}` : `ended with exit code ${code}`
  const last = stderr.trim().split('\n').slice(-5).join('\n')
  const error = new BenchError({
    code: 'internal',
    message: `The process of the run (${child.pid ?? 'not started'}) ${how}.${last ? `\n${last}` : ''}`,
    hint:
      killedBy === 'SIGKILL'
        ? 'If the machine ran out of memory, use fewer --workers. Go on with the same command and --resume.'
        : 'Go on with the same command and --resume.',
  })
  return { folder: undefined, alreadyComplete: false, error }
}
