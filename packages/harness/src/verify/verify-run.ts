import { Worker } from 'node:worker_threads'
import { BenchError } from '@mate-bench/schema'
import { type Check, checkOf } from './check.ts'
import type { CheckedContent } from './check-content.ts'
import type { CheckRunOptions } from './check-run.ts'
import type { VerifyAnswer, VerifyRequest } from './verify-thread-body.ts'

export interface VerifyOptions extends CheckRunOptions {
  /** Told each check as it is done. */
  readonly onCheck?: ((check: Check) => void) | undefined
  /** How long a check may be silent before it is given up: nothing that the harness writes takes as long. */
  readonly silentMilliseconds?: number | undefined
  /** Ends the checks at once. */
  readonly signal?: AbortSignal | undefined
}

export interface VerifiedRun extends CheckedContent {
  readonly checks: readonly Check[]
  /** Whether the last check was given up: it was silent for too long, or broke its reader. */
  readonly gaveUp: boolean
}

/**
 * Checks a finished run, believing nothing that it says. The files may be anybody's, so they are read in a thread of
 * their own, with bounded memory and sizes: one that keeps its reader busy is given up, and named.
 *
 * Whatever follows from the spec, from the data (where they ship or were fetched) or from another file of the run is
 * computed again: digests, splits, labels, costs, results, epochs and learning rates; and the weights are run on a
 * sample of the images, or on all of them. Nothing is trained.
 *
 * @throws BenchError when there is no readable manifest to check; `interrupted` where the signal fired
 */
export function verifyRun(folder: string, options: VerifyOptions = {}): Promise<VerifiedRun> {
  // One run at a time: a thread that is ended for one must not take another with it.
  const result = turn.then(() => verifyInThread(folder, options))
  turn = result.catch(() => undefined)
  return result
}

let turn: Promise<unknown> = Promise.resolve()
let thread: Worker | undefined
let requests = 0

const silentMilliseconds = 120_000
/** Of objects; what files bring in bytes is bounded by their sizes. */
const maximumHeapMegabytes = 2048

function openThread(): Worker {
  if (thread) return thread
  const worker = new Worker(new URL('./verify-thread.js', import.meta.url), {
    execArgv: [], // flags of the process such as --input-type or --import are not meant for the thread
    resourceLimits: { maxOldGenerationSizeMb: maximumHeapMegabytes },
    stdout: true, // a library's banner must not get into what the caller writes
  })
  const forget = () => {
    if (thread === worker) thread = undefined
  }
  worker.on('error', forget)
  worker.on('exit', forget)
  thread = worker
  return worker
}

/** Starts the thread of the checks, for a caller that has something else to load before it names a run. */
export function prepareVerify(): void {
  openThread().unref()
}

function verifyInThread(folder: string, options: VerifyOptions): Promise<VerifiedRun> {
  const { onCheck, silentMilliseconds: limit = silentMilliseconds, signal, ...request } = options
  if (signal?.aborted) return Promise.reject(stopped())
  const worker = openThread()
  const id = requests++
  const checks: Check[] = []
  let current = 'manifest'
  return new Promise((resolve, reject) => {
    const add = (check: Check) => {
      checks.push(check)
      onCheck?.(check)
    }
    const end = (settle: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      worker.off('message', hear)
      worker.off('error', died)
      worker.off('exit', ended)
      worker.unref() // idle, it keeps no process alive
      settle()
    }
    const giveUp = (why: string) => {
      add(checkOf(current, 'failed', why))
      end(() => resolve({ checks, fingerprint: undefined, rerun: {}, gaveUp: true }))
    }
    const silent = () => {
      giveUp(`it was given up after ${limit / 1000} s: no file that the harness wrote takes as long`)
      thread = undefined
      void worker.terminate()
    }
    const stop = () => {
      end(() => reject(stopped()))
      thread = undefined
      void worker.terminate()
    }
    let timer = setTimeout(silent, limit)
    const hear = (answer: VerifyAnswer) => {
      if (answer.id !== id) return
      clearTimeout(timer)
      if (answer.type === 'done') end(() => resolve({ checks, ...answer.checked, gaveUp: false }))
      else if (answer.type === 'failed') end(() => reject(new BenchError(answer.error)))
      else {
        timer = setTimeout(silent, limit)
        if (answer.type === 'began') current = answer.name
        else if (answer.type === 'check') add(answer.check)
      }
    }
    // Out of memory, most likely: no error of ours comes this way.
    const died = (error: Error) => giveUp(`its reader broke down: ${error.message}`)
    const ended = () => giveUp('its reader ended by itself')
    signal?.addEventListener('abort', stop, { once: true })
    worker.on('message', hear)
    worker.on('error', died)
    worker.on('exit', ended)
    worker.ref()
    worker.postMessage({ id, folder, options: request } satisfies VerifyRequest)
  })
}

function stopped(): BenchError {
  return new BenchError({ code: 'interrupted', message: 'The checks were stopped.' })
}
