import { datasets, imageFolder } from '@mate-bench/datasets/registry'

/**
 * The dataset of a track, under the track's name for it; undefined for one that this version does not know. Pictures of
 * somebody's own are named by their content: what is known of them is what is true of all such.
 */
export function findDataset(name: string) {
  const isOwn = /^image-folder-[0-9a-f]{32}$/.test(name)
  const dataset = isOwn ? imageFolder : datasets.find((candidate) => candidate.name === name)
  return dataset && { ...dataset, name }
}
