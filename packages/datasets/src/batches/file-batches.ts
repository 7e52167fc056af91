import type { Batch, OpenDataset } from '../dataset.ts'
import {
  type BatchPreparerOptions,
  createBatchPreparer as createPreparer,
  type PrepareBatch,
} from './batch-preparer.ts'
import { evaluationBatches as evaluate } from './evaluation-batches.ts'
import { withImages } from './read-packed-images.ts'

/** `createBatchPreparer` for images in memory and for pictures in a packed file: Node alone reads those. */
export function createBatchPreparer(opts: Omit<BatchPreparerOptions, 'withImages'>): PrepareBatch {
  return createPreparer({ ...opts, withImages })
}

/** `evaluationBatches` for images in memory and for pictures in a packed file. */
export function evaluationBatches(
  dataset: OpenDataset,
  split: keyof OpenDataset['splits'],
  batchSize: number,
): Generator<Batch, void, undefined> {
  return evaluate(dataset, split, batchSize, withImages)
}
