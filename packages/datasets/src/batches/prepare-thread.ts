import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { BenchError } from '@mate-bench/schema'
import type { Batch, ImageSet } from '../dataset.ts'
import type { BatchMemory } from './batch-preparer.ts'
import type { PrepareAnswer, PrepareRequest } from './prepare-thread-body.ts'
import type { StepPreparerOptions } from './step-preparer.ts'

export interface PrepareThread {
  /** Asks for the batch of a step. Answers come in the order of the requests. */
  prepare(epoch: number, step: number, memory?: BatchMemory): Promise<Batch>
  /** Ends the thread; what is still asked for is refused with code `interrupted`. */
  close(): Promise<void>
}

/** How long `close` waits for the thread. */
const endMilliseconds = 5000

interface Waiting {
  readonly resolve: (batch: Batch) => void
  readonly reject: (error: BenchError) => void
}

/**
 * Starts a thread that prepares batches. It reads the images from shared memory, and keeps the process
 * alive only while somebody waits for a batch.
 */
export function startPrepareThread(opts: StepPreparerOptions): PrepareThread {
  const waiting = new Map<number, Waiting>()
  let requests = 0
  let ended: BenchError | undefined

  const worker = new Worker(new URL('./prepare-thread.js', import.meta.url), {
    execArgv: [], // flags of the process such as --input-type or --import are not meant for the thread
    workerData: { ...opts, set: shareImages(opts.set) } satisfies StepPreparerOptions,
  })
  worker.on('message', (answer: PrepareAnswer) => {
    const request = waiting.get(answer.id)
    if (!request) return // refused meanwhile
    waiting.delete(answer.id)
    if (waiting.size === 0) worker.unref()
    if ('error' in answer) request.reject(preparationFailed(answer.error))
    else {
      const { images, labels, indices, size } = answer
      request.resolve({ images, labels, indices, size })
    }
  })
  const end = (error: BenchError) => {
    ended ??= error
    for (const request of waiting.values()) request.reject(error)
    waiting.clear()
  }
  worker.on('error', (error) => end(preparationFailed(error)))
  worker.on('exit', () =>
    end(
      new BenchError({ code: 'internal', message: 'The thread that prepares batches ended unexpectedly.' }),
    ),
  )
  worker.unref() // after the listeners: one for messages counts as a reference

  return {
    prepare(epoch, step, memory) {
      if (ended) return Promise.reject(ended)
      return new Promise((resolve, reject) => {
        const request: PrepareRequest = { id: requests++, epoch, step, memory }
        waiting.set(request.id, { resolve, reject })
        worker.ref()
        worker.postMessage(request, memory ? [memory.images, memory.labels] : [])
      })
    },
    async close() {
      end(new BenchError({ code: 'interrupted', message: 'The loader was closed.' }))
      // Keeps the process alive until the thread has ended, but not for ever: one that is stuck outside JavaScript
      // (a disk that does not answer) can't be ended, and must not hold back what its owner has to say.
      const patience = new AbortController()
      await Promise.race([
        worker.terminate(),
        sleep(endMilliseconds, undefined, { signal: patience.signal }).catch(() => {}),
      ])
      patience.abort()
    },
  }
}

/** The same images in shared memory, copied only when they are not there already. */
export function shareImages(set: ImageSet): ImageSet {
  if ('packed' in set) return set // its tables are shared, its pixels in a file
  if (set.images.buffer instanceof SharedArrayBuffer) return set
  const images = new Uint8Array(new SharedArrayBuffer(set.images.length))
  images.set(set.images)
  return { images, labels: set.labels }
}

function preparationFailed(cause: unknown): BenchError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new BenchError({ code: 'internal', message: `A batch could not be prepared: ${why}.`, cause })
}
