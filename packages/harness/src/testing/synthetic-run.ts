import { describeDataset, splitCounts } from '@mate-bench/datasets/registry'
import { digestIndices, digestJson } from '@mate-bench/provenance'
import type { Manifest } from '@mate-bench/schema'
import { createRandom, type ExitPredictions, type PredictionTable } from '@mate-bench/stats'
import type { LoadedRun } from '../load-runs.ts'
import { describeModel, sealManifest } from '../manifest.ts'
import { computeResults } from '../metrics.ts'
import { planSpec } from '../plan.ts'
import type { PredictionsFile } from '../predictions-file.ts'
import { runFolderName } from '../run-folder.ts'
import { digestSpec, parseSpec, type Spec } from '../spec.ts'

export interface SyntheticRunOptions {
  readonly spec: Spec
  readonly seed: number
  /** Wanted top-1 of each exit, shallowest first; what comes out is near it. */
  readonly top1: readonly number[]
  /** Test images. @default 400 */
  readonly images?: number
}

/** For tests: a finished run that nobody trained. Its numbers follow from its predictions as a real run's do. */
export function syntheticRun({ spec, seed, top1, images = 400 }: SyntheticRunOptions): LoadedRun {
  const test = syntheticPredictions(seed, top1, images)
  const validation = syntheticPredictions(seed + 1000, top1, images)
  const manifest = sealManifest(describeRun(spec, seed, test, validation))
  const epochs = Array.from({ length: spec.training.epochs }, (_, i) => {
    // Towards the final accuracy, fast at first.
    const rows = top1.map((final, k) => ({ k: k + 1, top1: final * (1 - 0.6 * Math.exp(-i / 2)) }))
    // No two trainings have one curve.
    const loss = 2 / (i + 1) + createRandom(seed, `synthetic-loss/${spec.name}`, i).uniform() / 1000
    return { epoch: i + 1, loss, train: rows, validation: rows }
  })
  return { folder: `runs/${runFolderName(spec, seed)}`, manifest, predictions: test, epochs }
}

/** For tests: a small valid spec with three exits. */
export function syntheticSpec(name: string, change: Readonly<Record<string, unknown>> = {}): Spec {
  return parseSpec({
    schemaVersion: 1,
    name,
    dataset: { name: 'fashion-mnist-mini' },
    model: {
      backbone: { name: 'resnet', depth: 8, width: 4 },
      exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
      head: { name: 'linear' },
    },
    method: { name: 'joint' },
    training: {
      epochs: 6,
      batchSize: 64,
      optimizer: { name: 'sgd', learningRate: 0.1 },
      schedule: { name: 'cosine' },
    },
    evaluation: { checkpoint: { name: 'last' }, protocols: ['anytime'] },
    seeds: [1, 2, 3],
    ...change,
  })
}

const classes = 10

function syntheticPredictions(seed: number, top1: readonly number[], images: number): PredictionsFile {
  // How hard an image is does not depend on the run: runs agree on much, as real ones do.
  const images0 = createRandom(0, 'synthetic-images')
  const labels = Int32Array.from({ length: images }, (_, i) => i % classes)
  const hardness = Float64Array.from({ length: images }, () => images0.uniform())
  const random = createRandom(seed, 'synthetic-run')
  const exit = (accuracy: number): ExitPredictions => {
    const isRight = Array.from(hardness, (value) => value + 0.1 * (random.uniform() - 0.5) < accuracy)
    const confidence = Float32Array.from(hardness, (value) =>
      Math.min(0.999, Math.max(0.15, 1.05 - 0.8 * value + 0.2 * (random.uniform() - 0.5))),
    )
    return {
      predicted: Int32Array.from(isRight, (right, i) => ((labels[i] ?? 0) + (right ? 0 : 1)) % classes),
      confidence,
      labelLogProbability: Float32Array.from(isRight, (right, i) =>
        Math.log(right ? (confidence[i] ?? 1) : 0.2),
      ),
      labelRank: Int32Array.from(isRight, (right) => (right ? 0 : 1 + random.integer(classes - 1))),
      entropy: Float32Array.from(confidence, (value) => -Math.log(value)),
    }
  }
  const table: PredictionTable = {
    labels,
    classes,
    exits: top1.map(exit),
    ensemble: exit(Math.min(1, Math.max(...top1) + 0.01)),
  }
  return { indices: Uint32Array.from(labels.keys()), table }
}

function describeRun(
  spec: Spec,
  seed: number,
  test: PredictionsFile,
  validation: PredictionsFile,
): Omit<Manifest, 'manifestDigest'> {
  const dataset = describeDataset(spec.dataset)
  const counts = splitCounts(dataset, spec.dataset)
  const { network, trainingMacsPerImage } = planSpec(spec)
  const model = describeModel(network)
  const split = (name: string, count: number) => ({ count, digest: digestJson({ name, count }) })
  const track = {
    dataset: dataset.name,
    splits: {
      train: split('train', counts.train),
      validation: split('validation', counts.validation),
      test: { count: test.indices.length, digest: digestIndices(test.indices) },
    },
    preprocessing: {
      imageShape: [...dataset.imageShape] as [number, number, number],
      mean: [...dataset.normalisation.mean],
      std: [...dataset.normalisation.std],
    },
    protocol: { metrics: 'top1-top5-nll-ece15-auroc' as const, version: 1 as const },
    costConvention: 'macs' as const,
  }
  const specDigest = digestSpec(spec)
  const id = digestJson({ specDigest, seed }).slice('sha256:'.length)
  return {
    schemaVersion: 1,
    runId: `run_${id.slice(0, 20)}`,
    spec,
    specDigest,
    seed,
    track: { ...track, digest: digestJson(track) },
    code: { commit: '0123456789abcdef0123456789abcdef01234567', dirty: false, lockfileDigest: null },
    environment: {
      node: 'v20.20.2',
      os: 'linux 6.1',
      arch: 'x64',
      cpu: 'synthetic',
      memoryBytes: 8_000_000_000,
      backend: { name: 'wasm', version: '4.22.0', libraries: {} },
      threads: 1,
    },
    data: { name: dataset.name, source: dataset.homepage, files: [] },
    timing: {
      startedAt: '2026-01-01T00:00:00.000Z',
      finishedAt: '2026-01-01T00:01:00.000Z',
      wallSeconds: 60,
      trainImagesPerSecond: 500,
      resumptions: 0,
    },
    model,
    training: {
      epochs: spec.training.epochs,
      steps: spec.training.epochs * 10,
      judgedEpoch: spec.training.epochs,
      trainingOnlyParameters: 0,
      trainingMacsPerImage,
      notes: [],
    },
    results: computeResults({
      test: test.table,
      validation: validation.table,
      protocols: spec.evaluation.protocols,
      sequentialMacs: model.exits.map(({ sequentialMacs }) => sequentialMacs),
    }),
    artifacts: [],
    deterministic: true,
  }
}
