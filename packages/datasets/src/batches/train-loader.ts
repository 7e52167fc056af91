import { availableParallelism } from 'node:os'
import type { Batch } from '../dataset.ts'
import type { BatchMemory } from './batch-preparer.ts'
import { createInlineLoader, type LoaderOptions, loaderWork, type TrainLoader } from './inline-loader.ts'
import { type PrepareThread, startPrepareThread } from './prepare-thread.ts'
import { withImages } from './read-packed-images.ts'
import type { StepPreparerOptions } from './step-preparer.ts'

export interface TrainLoaderOptions extends LoaderOptions {
  /**
   * Batches prepared ahead in threads; 0 prepares each one in the calling thread, with the same bytes.
   *
   * @default 4, less where so many would take more than a quarter of a gigabyte
   */
  readonly prefetch?: number
  /**
   * Threads that prepare, each a batch at a time.
   *
   * @default 1, for pictures as many as batches are prepared ahead, but a core less than there are
   */
  readonly threads?: number
}

/** Batches that are prepared ahead may take so much memory. */
const aheadBytes = 256 << 20

/**
 * Feeds training: shuffled, augmented, normalised batches, prepared ahead so that a step does not wait.
 *
 * What a batch holds depends on (seed, epoch, step) alone, not on the batches asked for before, so a run that
 * resumes at (epoch, step) sees the same bytes.
 *
 * @throws BenchError `bad-input` when the training split is empty or `batchSize` is not a positive integer
 */
export function createTrainLoader(opts: TrainLoaderOptions): TrainLoader {
  const { dataset, batchSize, rows = {} } = opts
  const work = loaderWork(opts)
  const { imageShape, trainSet } = dataset
  const stepsPerEpoch = Math.ceil(work.indices.length / batchSize)
  const perImage = (rows.views ?? 1) + (rows.partners?.count ?? 0)
  const batchBytes = imageShape.reduce((product, extent) => product * extent, 4 * batchSize * perImage)
  const prefetch = opts.prefetch ?? Math.max(1, Math.min(4, Math.floor(aheadBytes / batchBytes)))
  if (prefetch === 0) return createInlineLoader({ ...work, withImages })
  const spare = Math.max(1, availableParallelism() - 1)
  const threads = opts.threads ?? ('packed' in trainSet ? Math.min(prefetch, spare) : 1)
  return threadLoader(work, stepsPerEpoch, prefetch, threads)
}

function threadLoader(
  work: StepPreparerOptions,
  stepsPerEpoch: number,
  prefetch: number,
  threadCount: number,
): TrainLoader {
  const threads = Array.from({ length: threadCount }, () => startPrepareThread(work))
  /** What was asked for ahead at the end of an epoch, for whoever goes on with the next one. */
  let carried: { readonly epoch: number; readonly ahead: readonly Promise<Batch>[] } | undefined
  return {
    stepsPerEpoch,
    async *batches(epoch, fromStep = 0) {
      const isNext = carried?.epoch === epoch && fromStep === 0
      const ahead: Promise<Batch>[] = isNext ? [...(carried?.ahead ?? [])] : []
      carried = undefined
      // Counted on through the epochs, so that the first step of the next one does not wait either.
      let next = fromStep + ahead.length
      const ask = (memory?: BatchMemory) => {
        // A batch is a function of its step, whichever thread prepares it.
        const thread = threads[next % threads.length] as PrepareThread
        const batch = thread.prepare(epoch + Math.floor(next / stepsPerEpoch), next++ % stepsPerEpoch, memory)
        // Whoever leaves the loop early never awaits these: a refusal must not count as unhandled.
        batch.catch(() => {})
        ahead.push(batch)
      }
      // One to hand out at once, and `prefetch` more that get ready during its step.
      while (ahead.length <= prefetch) ask()
      for (let step = fromStep; step < stepsPerEpoch; step++) {
        const batch = await (ahead.shift() as Promise<Batch>)
        yield batch
        ask({ images: batch.images.buffer as ArrayBuffer, labels: batch.labels.buffer as ArrayBuffer })
      }
      // In an epoch of fewer steps than are prepared ahead, some are of the one after.
      carried = { epoch: epoch + 1, ahead: ahead.slice(0, stepsPerEpoch) }
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}
