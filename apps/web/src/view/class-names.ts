import { datasets } from '@mate-bench/datasets/registry'

/** Names of a dataset's classes in label order; empty for a dataset that this version does not know. */
export function classNames(dataset: string): readonly string[] {
  return datasets.find(({ name }) => name === dataset)?.classes ?? []
}
