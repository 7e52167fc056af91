import { describeDataset } from '@mate-bench/datasets/registry'
import { describeModel, sealManifest } from '@mate-bench/harness/manifest'
import { planSpec } from '@mate-bench/harness/plan'
import { digestSpec, type Spec } from '@mate-bench/harness/spec'
import { digestJson } from '@mate-bench/provenance'
import type { Manifest, ManifestExitMetrics, Track } from '@mate-bench/schema'
import { createRandom, type Random } from '@mate-bench/stats'

/** A run that nobody trained, as the tables hold it. */
export interface MadeUpRun {
  readonly manifest: Manifest
  /** Packed, one per exit, shallowest first. */
  readonly exits: readonly Uint8Array[]
  readonly ensemble: Uint8Array
}

const second = 1000
const dayOne = Date.UTC(2026, 0, 1)

/**
 * The runs of a spec, one per seed of it. Headline numbers follow from who is right where, as a real run's do; the
 * others are near what such a run has. There are no files.
 *
 * @param place of the spec in its list: later ones finished later
 */
export function madeUpRuns(spec: Spec, place: number): MadeUpRun[] {
  const specDigest = digestSpec(spec)
  const { track, model, steps } = describeOnce(spec)
  const images = track.splits.test.count
  const talent = createRandom(0, `synthetic-talent/${specDigest}`)
  const last = lastAccuracy(spec, talent)
  const gaps = model.exits.map((_, i) => (model.exits.length - 1 - i) * (0.03 + 0.02 * talent.uniform()))
  return spec.seeds.map((seed) => {
    const random = createRandom(seed, `synthetic-run/${specDigest}`)
    const luck = 0.004 * random.normal()
    const exits = gaps.map((gap) => drawCorrect(images, last - gap + luck, random))
    const ensemble = drawCorrect(images, last + 0.005 + luck, random)
    const results = exits.map((right, i) => ({ k: i + 1, ...metricsOf(right, random) }))
    const startedAt = dayOne + place * 3600 * second + seed * second
    const wallSeconds = Math.round(600 + 3000 * random.uniform())
    const manifest = sealManifest({
      schemaVersion: 1,
      runId: `run_${digestJson({ specDigest, seed, synthetic: true }).slice('sha256:'.length).slice(0, 20)}`,
      spec,
      specDigest,
      seed,
      track,
      code: { commit: null, dirty: null, lockfileDigest: null },
      environment: {
        node: 'v20.20.2',
        os: 'linux 6.1',
        arch: 'x64',
        cpu: 'made up',
        memoryBytes: 8_000_000_000,
        backend: { name: place % 4 === 0 ? 'wasm' : 'tensorflow', version: '4.22.0', libraries: {} },
        threads: 1,
      },
      data: { name: track.dataset, source: 'made up', files: [] },
      timing: {
        startedAt: new Date(startedAt).toISOString(),
        finishedAt: new Date(startedAt + wallSeconds * second).toISOString(),
        wallSeconds,
        trainImagesPerSecond: Math.round(200 + 400 * random.uniform()),
        resumptions: 0,
      },
      model,
      training: {
        epochs: spec.training.epochs,
        steps,
        judgedEpoch: spec.training.epochs,
        trainingOnlyParameters: 0,
        notes: ['Made up for load tests.'],
      },
      results: {
        exits: results,
        ensemble: metricsOf(ensemble, random),
        validation: results,
        agreement: results.map((_, i) => results.map((_, j) => 1 - 0.06 * Math.abs(i - j))),
        overthinking: { wasteful: 0.6, destructive: 0.04 },
        budgeted: [],
      },
      artifacts: [],
      deterministic: true,
    })
    return { manifest, exits: exits.map(({ bytes }) => bytes), ensemble: ensemble.bytes }
  })
}

interface Described {
  readonly track: Track
  readonly model: Manifest['model']
  readonly steps: number
}

const described = new Map<string, Described>()

/** Counting a network takes longer than all the rest of a run, and there are few different ones. */
function describeOnce(spec: Spec): Described {
  const key = JSON.stringify([spec.dataset, spec.model, spec.training.epochs, spec.training.batchSize])
  const known = described.get(key)
  if (known) return known
  const { network, splits, stepsPerEpoch } = planSpec(spec)
  const found = {
    track: madeUpTrack(spec, splits),
    model: describeModel(network),
    steps: stepsPerEpoch * spec.training.epochs,
  }
  described.set(key, found)
  return found
}

/** As large as the real one, with digests of no images: it never shares a table with real runs. */
function madeUpTrack(spec: Spec, counts: Readonly<Record<'train' | 'validation' | 'test', number>>): Track {
  const { name, imageShape, normalisation } = describeDataset(spec.dataset)
  const split = (part: 'train' | 'validation' | 'test') => ({
    count: counts[part],
    digest: digestJson({ synthetic: name, part }),
  })
  const [height, width, channels] = imageShape
  const content: Omit<Track, 'digest'> = {
    dataset: name,
    splits: { train: split('train'), validation: split('validation'), test: split('test') },
    preprocessing: {
      imageShape: [height, width, channels],
      mean: [...normalisation.mean],
      std: [...normalisation.std],
    },
    protocol: { metrics: 'top1-top5-nll-ece15-auroc', version: 1 },
    costConvention: 'macs',
  }
  return { ...content, digest: digestJson(content) }
}

/** Where a good network of the kind ends, by dataset; wider ones come nearer. */
const ceilings: Readonly<Record<string, number>> = {
  'fashion-mnist-mini': 0.86,
  'fashion-mnist': 0.92,
  cifar10: 0.92,
  cifar100: 0.74,
}

function lastAccuracy({ dataset, model }: Spec, random: Random): number {
  const width = ('width' in model.backbone && model.backbone.width) || 16
  return (ceilings[dataset.name] ?? 0.8) - 0.16 / Math.log2(width) + 0.015 * random.normal()
}

/** How hard each image is, and a long list of noise to read from anywhere: drawing anew for each run takes minutes. */
const longest = 10_000 // test images of the largest dataset
const hardness = drawn('synthetic-hardness', longest)
const noise = drawn('synthetic-noise', 8 * longest)

function drawn(stream: string, length: number): Float32Array {
  const random = createRandom(0, stream)
  return Float32Array.from({ length }, () => random.uniform())
}

interface Correct {
  /** As `packCorrect` of the store packs it; packed at once, since a database holds hundreds of millions of these. */
  readonly bytes: Uint8Array
  /** Share of images that are right. */
  readonly top1: number
}

/** Runs agree on most images, as real ones do: an image is right where it is easier than the network is good. */
function drawCorrect(images: number, accuracy: number, random: Random): Correct {
  const bytes = new Uint8Array(Math.ceil(images / 8))
  const start = random.integer(noise.length - images)
  let right = 0
  for (let i = 0; i < images; i++) {
    const value = (hardness[i] ?? 0) + 0.2 * ((noise[start + i] ?? 0) - 0.5)
    if (value >= accuracy) continue
    bytes[i >>> 3] = (bytes[i >>> 3] ?? 0) | (1 << (i & 7))
    right++
  }
  return { bytes, top1: right / images }
}

function metricsOf({ top1 }: Correct, random: Random): ManifestExitMetrics {
  return {
    top1,
    top5: 1 - (1 - top1) ** 2,
    nll: 2.2 * (1 - top1) + 0.05 * random.uniform(),
    ece: 0.02 + 0.06 * random.uniform(),
    auroc: 0.82 + 0.08 * random.uniform(),
  }
}
