import { digestIndices } from '@mate-bench/provenance'
import { createRandom } from '@mate-bench/stats'
import type { Labels, OpenDataset, Split } from './dataset.ts'
import type { SplitOptions } from './options.ts'

/**
 * The train and validation splits as the options say, both ascending.
 *
 * The validation split is stratified: class c gets `size * n_c / n` images, rounded by largest remainder (of
 * equal remainders the lower class first), drawn from the stream (validation.seed, `validation-split`, c).
 *
 * @param labels of the published training images
 */
export function drawSplits(
  labels: Labels,
  classes: number,
  options: SplitOptions,
): { train: Uint32Array; validation: Uint32Array } {
  const { subset, validation } = options
  let byClass = indicesByClass(labels, classes)
  if (subset)
    byClass = drawPerClass(
      byClass,
      byClass.map(() => subset.perClass),
      subset.seed,
      'subset',
    )
  const quotas = largestRemainder(
    byClass.map((indices) => indices.length),
    validation.size,
  )
  const held = drawPerClass(byClass, quotas, validation.seed, 'validation-split')
  const heldOut = new Set(held.flat())
  const trained = byClass.flat().filter((index) => !heldOut.has(index))
  return { train: Uint32Array.from(trained).sort(), validation: Uint32Array.from(heldOut).sort() }
}

/** Positions of each class's images, ascending. */
export function indicesByClass(labels: Labels, classes: number): number[][] {
  const byClass = Array.from({ length: classes }, (): number[] => [])
  labels.forEach((label, index) => {
    byClass[label]?.push(index)
  })
  return byClass
}

/** Draws `quotas[c]` of each class c without replacement from the stream (seed, stream, c). */
export function drawPerClass(
  byClass: readonly (readonly number[])[],
  quotas: readonly number[],
  seed: number,
  stream: string,
): number[][] {
  return byClass.map((indices, label) => {
    const shuffled = createRandom(seed, stream, label).shuffle([...indices])
    return shuffled.slice(0, quotas[label])
  })
}

/**
 * Shares `total` in proportion to `weights`, in whole numbers (Hamilton's method).
 *
 * @param weights non-negative integers whose sum is at least `total`
 */
export function largestRemainder(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  if (sum === 0) return weights.map(() => 0)
  // total * weight stays far below 2^53, so quotient and remainder are exact.
  const shares = weights.map((weight) => Math.floor((total * weight) / sum))
  const left = total - shares.reduce((a, b) => a + b, 0)
  const order = weights
    .map((weight, i) => ({ i, remainder: (total * weight) % sum }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i)
  for (const { i } of order.slice(0, left)) shares[i] = (shares[i] ?? 0) + 1
  return shares
}

/** A list of positions with its digest. */
export function createSplit(indices: Uint32Array): Split {
  return { indices, digest: digestIndices(indices) }
}

/** How many images each split holds, known before any file is there. */
export function splitCounts(
  dataset: { readonly counts: { train: number; test: number }; readonly classes: readonly string[] },
  options: SplitOptions,
): Record<keyof OpenDataset['splits'], number> {
  const inUse = options.subset ? options.subset.perClass * dataset.classes.length : dataset.counts.train
  const validation = options.validation.size
  return { train: inUse - validation, validation, test: dataset.counts.test }
}
