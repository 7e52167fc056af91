import { describeDataset, splitCounts } from '@mate-bench/datasets/registry'
import { describeNetwork, type Network } from '@mate-bench/nn/describe'
import { BenchError, type Problem } from '@mate-bench/schema'
import type { Spec } from './spec.ts'

/**
 * A batch norm needs two values of each channel to have a variance. Where the last batch of every epoch is a single image
 * and a map has one pixel, a variance of 0 would go into the running averages unseen.
 */
export function lastBatchProblems(
  dataset: Spec['dataset'],
  model: Spec['model'],
  { batchSize }: Spec['training'],
): Problem[] {
  const described = describeDataset(dataset)
  const images = splitCounts(described, dataset).train
  const lastBatch = images % batchSize || batchSize
  if (batchSize > images || lastBatch > 1) return []
  const { imageShape, classes } = described
  const batchNorm = findOnePixelBatchNorm(() =>
    describeNetwork(model, { inputShape: imageShape, classes: classes.length }),
  )
  if (batchNorm === undefined) return []
  const where =
    batchSize === 1
      ? 'Each batch'
      : `The last batch of each epoch (${images} images in batches of ${batchSize})`
  return [
    {
      path: 'training.batchSize',
      message: `${where} is a single image, of which the batch norm "${batchNorm}" sees one value a channel: that has no variance.`,
      hint: 'Choose another training.batchSize, dataset.validation.size or dataset.subset.perClass.',
    },
  ]
}

function findOnePixelBatchNorm(describe: () => Network): string | undefined {
  try {
    return describe().nodes.find(
      ({ operation, shape }) =>
        operation.kind === 'batch-norm' && (shape.length === 1 || shape[0] * shape[1] === 1),
    )?.name
  } catch (thrown) {
    // A network that can't be described has problems of its own, which are told.
    if (thrown instanceof BenchError) return undefined
    throw thrown
  }
}
