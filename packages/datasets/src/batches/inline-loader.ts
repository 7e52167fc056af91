import { BenchError } from '@mate-bench/schema'
import type { AugmentationOptions } from '../augmentation/registry.ts'
import type { Batch, OpenDataset } from '../dataset.ts'
import type { RowOptions } from './partner-draw.ts'
import { createStepPreparer, type StepPreparerOptions } from './step-preparer.ts'

export interface LoaderOptions {
  readonly dataset: OpenDataset
  readonly batchSize: number
  /** Applied in this order. */
  readonly augmentation: readonly AugmentationOptions[]
  /** The run's seed: order and augmentation flow from it. */
  readonly seed: number
  /** Views and partners that a method needs. Default: neither. */
  readonly rows?: RowOptions
}

export interface TrainLoader {
  /** The last batch of an epoch may be smaller. */
  readonly stepsPerEpoch: number
  /**
   * The batches of an epoch from a step on, both 0-based.
   *
   * A batch's arrays are lent: they hold until the next batch is asked for, then their memory is used again.
   *
   * @throws BenchError `internal` when a batch can't be prepared, `interrupted` after `close`
   */
  batches(epoch: number, fromStep?: number): AsyncGenerator<Batch, void, undefined>
  /** Ends the thread. May be called more than once. */
  close(): Promise<void>
}

/**
 * What a loader of these options prepares, step by step.
 * @throws BenchError `bad-input` when the training split is empty or `batchSize` is not a positive integer
 */
export function loaderWork({
  dataset,
  batchSize,
  augmentation,
  seed,
  rows = {},
}: LoaderOptions): StepPreparerOptions {
  const { indices } = dataset.splits.train
  if (!Number.isInteger(batchSize) || batchSize < 1 || indices.length === 0) {
    const message = `Can't train on batches of ${batchSize} out of ${indices.length} images.`
    throw new BenchError({ code: 'bad-input', message, path: 'training.batchSize' })
  }
  const { imageShape, normalisation, trainSet } = dataset
  return {
    set: trainSet,
    indices,
    imageShape,
    normalisation,
    augmentation,
    seed,
    batchSize,
    // By name: whatever else the caller's object holds can't go to a thread.
    ...(rows.views === undefined ? {} : { views: rows.views }),
    ...(rows.partners ? { partners: { count: rows.partners.count, distinct: rows.partners.distinct } } : {}),
  }
}

/** Prepares each batch when it is asked for, in the calling thread: the same bytes as `createTrainLoader` gives. */
export function createInlineLoader(work: StepPreparerOptions): TrainLoader {
  const prepare = createStepPreparer(work)
  const stepsPerEpoch = Math.ceil(work.indices.length / work.batchSize)
  return {
    stepsPerEpoch,
    async *batches(epoch, fromStep = 0) {
      for (let step = fromStep; step < stepsPerEpoch; step++) yield prepare(epoch, step)
    },
    async close() {},
  }
}
