/**
 * Clustered bootstrap over seeds x images, for what has no formula: how firmly an exit is on the frontier.
 *
 * Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1, 2007 (https://arxiv.org/abs/0712.1111):
 * both factors are resampled independently and crossed. Of S seeds, S - 1 are drawn with replacement (Rao and
 * Wu, "Resampling Inference with Complex Survey Data", JASA 83, 1988), which keeps the seeds' share of the
 * variance unbiased where drawing S would shrink it by (S - 1)/S, a half for two seeds.
 *
 * Resample r draws the same images for every classifier, so differences between classifiers are paired by
 * image.
 */

import { BenchError } from '@mate-bench/schema'
import { countBoth, packBits } from './bits.ts'
import { createRandom } from './random.ts'

export interface BootstrapOptions {
  /** Seed of the resampling, not of any training. */
  readonly seed: number
  /** @default 2000 */
  readonly resamples?: number
}

/** One classifier's correctness over the runs of one entry. */
export interface RunGroup {
  /** S runs of N images, 1 where right. */
  readonly runs: readonly Uint8Array[]
  /**
   * Names the draw of the seeds: groups of one cluster, such as the exits of one entry, share it. Under a name of its
   * own, such as its experiment's digest, an entry has the same draws in whichever table it stands.
   */
  readonly cluster: string
}

const defaultResamples = 2000

function checkGroups(groups: readonly RunGroup[]): number {
  const images = groups[0]?.runs[0]?.length ?? 0
  const refuse = (message: string, path: string): never => {
    throw new BenchError({ code: 'bad-input', message, path })
  }
  if (images === 0) refuse('There are no images to resample.', 'runs')
  const seedsOfCluster = new Map<string, number>()
  groups.forEach(({ runs, cluster }, g) => {
    if (runs.length === 0) refuse('There is no run to resample.', `groups[${g}].runs`)
    for (const run of runs) {
      if (run.length !== images)
        refuse(`A run has ${run.length} images where another has ${images}.`, `groups[${g}].runs`)
    }
    const seeds = seedsOfCluster.get(cluster) ?? runs.length
    if (seeds !== runs.length)
      refuse(`Cluster ${cluster} has both ${seeds} and ${runs.length} seeds.`, `groups[${g}].runs`)
    seedsOfCluster.set(cluster, seeds)
  })
  return images
}

/**
 * Splits "how often each image was drawn" into bit planes, so that a weighted count of right answers is a few
 * counts over packed bits. Plane p holds the bit of value 2^p.
 */
function bitPlanes(drawn: Uint32Array): Uint32Array[] {
  const words = Math.ceil(drawn.length / 32)
  const planes: Uint32Array[] = []
  drawn.forEach((times, i) => {
    let rest = times
    for (let p = 0; rest !== 0; p++) {
      if (planes[p] === undefined) planes.push(new Uint32Array(words))
      const plane = planes[p] as Uint32Array
      if ((rest & 1) !== 0) plane[i >>> 5] = (plane[i >>> 5] as number) | (1 << (i & 31))
      rest >>>= 1
    }
  })
  return planes
}

/**
 * Draws of the first resamples, by seed and number of images; more are added when they are asked for. They are the same
 * for whatever is resampled over the images, and take longer than all the rest.
 */
const keptDraws = new Map<string, Uint32Array[][]>()

/** As many test splits as are in use at once: 2,000 draws of 10,000 images take 8 MB. */
const mostKeptDraws = 4

/**
 * Draws the images of all resamples, which takes seconds for 10,000 of them and is remembered: for whoever is about to
 * resample while others wait.
 */
export function prepareResampling(
  images: number,
  { seed, resamples = defaultResamples }: BootstrapOptions,
): void {
  drawImages(seed, images, resamples - 1)
}

function drawImages(seed: number, images: number, r: number): readonly Uint32Array[] {
  const key = `${seed} ${images}`
  const planes = keptDraws.get(key) ?? []
  keptDraws.delete(key)
  keptDraws.set(key, planes)
  const [oldest] = keptDraws.keys()
  if (keptDraws.size > mostKeptDraws && oldest !== undefined) keptDraws.delete(oldest)
  for (let next = planes.length; next <= r; next++) {
    const random = createRandom(seed, 'bootstrap-images', next)
    const drawn = new Uint32Array(images)
    for (let i = 0; i < images; i++) {
      const image = random.integer(images)
      drawn[image] = (drawn[image] as number) + 1
    }
    planes.push(bitPlanes(drawn))
  }
  return planes[r] as Uint32Array[]
}

/**
 * Accuracies of every group in every resample.
 *
 * @returns an array of R accuracies for each group; entry r of all arrays comes from the same images
 * @throws BenchError `bad-input` when runs differ in length or are missing
 */
export function resampledAccuracies(
  groups: readonly RunGroup[],
  { seed, resamples = defaultResamples }: BootstrapOptions,
): Float64Array[] {
  if (groups.length === 0) return []
  const images = checkGroups(groups)
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new BenchError({
      code: 'bad-input',
      message: `The number of resamples is ${resamples}, not 1 or more.`,
      path: 'resamples',
    })
  const packed = groups.map(({ runs }) => runs.map(packBits))
  const result = groups.map(() => new Float64Array(resamples))

  for (let r = 0; r < resamples; r++) {
    const planes = drawImages(seed, images, r)
    groups.forEach(({ cluster }, g) => {
      const runs = packed[g] as Uint32Array[]
      const weights = drawSeeds(runs.length, seed, r, cluster)
      let right = 0
      let draws = 0
      runs.forEach((run, s) => {
        const weight = weights[s] as number
        if (weight === 0) return
        draws += weight
        planes.forEach((plane, p) => {
          right += weight * 2 ** p * countBoth(plane, run)
        })
      })
      const accuracies = result[g] as Float64Array
      accuracies[r] = right / (draws * images)
    })
  }
  return result
}

/** How often each of S seeds is drawn in resample r: S - 1 draws in all, or the one seed once. */
function drawSeeds(seeds: number, seed: number, r: number, cluster: string): Uint32Array {
  const weights = new Uint32Array(seeds)
  if (seeds === 1) return weights.fill(1)
  const random = createRandom(seed, `bootstrap-seeds/${cluster}`, r)
  for (let draw = 1; draw < seeds; draw++) {
    const s = random.integer(seeds)
    weights[s] = (weights[s] as number) + 1
  }
  return weights
}
