import { datasetOptions, describeDataset, type getDataset, splitCounts } from '@mate-bench/datasets/registry'

type Dataset = ReturnType<typeof getDataset>

export interface SplitSize {
  readonly count: number
  /** Of the indices; known once the data was opened. */
  readonly digest?: string
}

/** The splits of a spec that names the dataset and asks for nothing else; none where a spec must say more than the name. */
export function defaultSplits(
  dataset: Dataset,
): Record<'train' | 'validation' | 'test', SplitSize> | undefined {
  const options = datasetOptions.safeParse({ name: dataset.name })
  if (!options.success) return undefined
  const { train, validation, test } = splitCounts(describeDataset(options.data), options.data)
  return { train: { count: train }, validation: { count: validation }, test: { count: test } }
}
