import type { Batch, OpenDataset } from '../dataset.ts'
import { createBatchPreparer } from './batch-preparer.ts'
import { type WithImages, withMemoryImages } from './read-images.ts'

/**
 * A split's images in dataset order, normalised, not augmented. The last batch may be smaller. Every batch has
 * memory of its own.
 */
export function* evaluationBatches(
  dataset: OpenDataset,
  split: keyof OpenDataset['splits'],
  batchSize: number,
  withImages: WithImages = withMemoryImages,
): Generator<Batch, void, undefined> {
  const { indices } = dataset.splits[split]
  const set = split === 'test' ? dataset.testSet : dataset.trainSet
  const prepare = createBatchPreparer({ ...dataset, set, withImages })
  for (let start = 0; start < indices.length; start += batchSize) {
    yield prepare(indices.subarray(start, start + batchSize), 0)
  }
}
