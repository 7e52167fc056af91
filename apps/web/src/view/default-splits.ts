import { datasetOptions, type getDataset, splitCounts } from '@mate-bench/datasets/registry'

type Dataset = ReturnType<typeof getDataset>

export interface SplitSize {
  readonly count: number
  /** Of the indices; known once the data was opened. */
  readonly digest?: string
}

/** The splits of a spec that names the dataset and asks for nothing else. */
export function defaultSplits(dataset: Dataset): Record<'train' | 'validation' | 'test', SplitSize> {
  const { train, validation, test } = splitCounts(dataset, datasetOptions.parse({ name: dataset.name }))
  return { train: { count: train }, validation: { count: validation }, test: { count: test } }
}
