import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type BackendName, openBackend, settingsFromRecord } from '@mate-bench/backends'
import { openDataset } from '@mate-bench/datasets'
import { createModel } from '@mate-bench/nn'
import { digestBytes } from '@mate-bench/provenance'
import { type ArtifactRole, artifactFiles, BenchError, type Manifest } from '@mate-bench/schema'
import type { PredictionTable } from '@mate-bench/stats'
import { requireTensors, restore } from './checkpoint.ts'
import { predictSplit } from './evaluate.ts'
import { evaluationBatchSize } from './evaluation-batch-size.ts'
import { describeModel } from './manifest.ts'
import { computeResults } from './metrics.ts'
import { planSpec } from './plan.ts'
import { decodePredictions, encodePredictions, type PredictionsFile } from './predictions-file.ts'
import { maximumBytes, readBounded } from './read-bounded.ts'
import { readManifest } from './read-manifest.ts'
import { compareRuns, type NumberPair } from './reproduce/compare-runs.ts'
import { decodeSafetensors } from './safetensors.ts'
import { parseSpec } from './spec.ts'
import { type RerunSummary, rerunDifferences } from './verify/rerun-weights.ts'

export interface EvaluateWeightsOptions {
  /** @default that of the run, with its settings */
  readonly backend?: BackendName | undefined
  readonly dataFolder?: string | undefined
  /** Told the predictions of each split as a run folder has them. */
  readonly onPredictions?:
    | ((role: 'predictions' | 'validation-predictions', bytes: Uint8Array) => void)
    | undefined
}

/** One split as the weights see it, against what the run says of it. */
export interface EvaluatedSplit {
  readonly split: 'test' | 'validation'
  readonly images: number
  /** Whether the predictions, written down again, have the digest that the manifest lists. */
  readonly sameBytes: boolean
  /** How far off the file's predictions are; undefined where the bytes are the same, or the file is not here. */
  readonly rerun: RerunSummary | undefined
  /** A sentence for each prediction that differs by more than the tolerance. */
  readonly problems: readonly string[]
}

export interface EvaluatedWeights {
  readonly manifest: Manifest
  readonly backend: string
  readonly splits: readonly EvaluatedSplit[]
  /** Every number of the results and costs, as published and as the weights give it here. */
  readonly numbers: readonly NumberPair[]
  /**
   * As published, and as the run's own predictions give it: other backends differ in the last digits, but a manifest must
   * follow from its files exactly. Where these are not here, what the weights give stands for them.
   */
  readonly claims: readonly NumberPair[]
}

/**
 * Computes a run's predictions again from its weights and the images, and holds them to its manifest. Nothing is trained, and
 * the run's own predictions need not be here.
 *
 * @throws BenchError `verification-failed` for weights that the manifest does not list, `data-missing` where weights or
 *   images are not here
 */
export async function evaluateWeights(
  folder: string,
  options: EvaluateWeightsOptions = {},
): Promise<EvaluatedWeights> {
  const { manifest } = readManifest(folder)
  const spec = parseSpec(manifest.spec, `the spec of ${folder}`)
  const weights = decodeSafetensors(listedBytes(folder, manifest, 'model'), artifactFiles.model.file)
  const dataset = await openDataset(spec.dataset, { dataFolder: options.dataFolder })
  const { name, settings } = manifest.environment.backend
  const opened =
    options.backend === undefined || options.backend === name
      ? await openBackend(name, settingsFromRecord(settings))
      : await openBackend(options.backend)
  const { network } = planSpec(spec)
  const model = createModel(network, manifest.seed)
  try {
    const tensors = new Map([...weights.tensors].map(([tensor, value]) => [`model/${tensor}`, value]))
    requireTensors(tensors, { model: model.variables }, artifactFiles.model.file)
    restore(tensors, { model: model.variables })
    const splits: EvaluatedSplit[] = []
    const found: Tables = {}
    const published: Tables = {}
    for (const split of ['test', 'validation'] as const) {
      if (dataset.splits[split].indices.length === 0) continue
      const predictions = await predictSplit({ model, dataset, split, batchSize: evaluationBatchSize(spec) })
      found[split] = predictions.table
      const role = split === 'test' ? 'predictions' : 'validation-predictions'
      const listed = manifest.artifacts.find((artifact) => artifact.role === role)
      const written = encodePredictions(predictions)
      const sameBytes = digestBytes(written) === `sha256:${listed?.sha256}`
      options.onPredictions?.(role, written)
      const isHere = existsSync(join(folder, artifactFiles[role].file))
      const file =
        sameBytes || !isHere
          ? undefined
          : await decodePredictions(listedBytes(folder, manifest, role), artifactFiles[role].file)
      published[split] = sameBytes ? predictions.table : file?.table
      const others = file && otherImages(file, predictions)
      const compared =
        file && others === undefined
          ? await rerunDifferences({
              ...{ model, dataset, split, backend: manifest.environment.backend.name, onBatch: () => {} },
              file,
              rows: [...predictions.indices.keys()],
            })
          : undefined
      const { summary: rerun, problems = others === undefined ? [] : [others] } = compared ?? {}
      splits.push({ split, images: predictions.indices.length, sameBytes, rerun, problems })
    }
    const numbersOf = ({ test, validation }: Tables): readonly NumberPair[] => {
      if (!test) throw new RangeError('a dataset without test images')
      const costs = describeModel(network)
      const results = computeResults({
        test,
        validation,
        protocols: spec.evaluation.protocols,
        sequentialMacs: costs.exits.map(({ sequentialMacs }) => sequentialMacs),
        rounding: manifest.results.budgetedConfidences ?? 'grid',
      })
      // Attention is of the training, and no prediction.
      const { attention: _, ...claimed } = manifest.results
      return compareRuns({ ...manifest, results: claimed }, { ...manifest, model: costs, results }).numbers
    }
    const numbers = numbersOf(found)
    const isWhole = splits.every(({ split }) => published[split] !== undefined)
    const isSame = splits.every(({ sameBytes }) => sameBytes)
    const claims = isWhole && !isSame ? numbersOf(published) : numbers
    return { manifest, backend: opened.name, splits, numbers, claims }
  } finally {
    model.dispose()
  }
}

interface Tables {
  test?: PredictionTable | undefined
  validation?: PredictionTable | undefined
}

/** A file could answer the images that its network gets right, many times each. */
function otherImages(file: PredictionsFile, { indices, table }: PredictionsFile): string | undefined {
  const isSame = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i])
  if (!isSame(file.indices, indices))
    return 'its rows are not the images of the split, each once and in order'
  return isSame(file.table.labels, table.labels) ? undefined : 'its labels are not those of the images'
}

function listedBytes(folder: string, { artifacts }: Manifest, role: ArtifactRole): Uint8Array {
  const { file } = artifactFiles[role]
  const path = join(folder, file)
  if (!existsSync(path)) {
    throw new BenchError({
      code: 'data-missing',
      message: `There is no ${file} in ${folder}.`,
      path,
      hint: 'Take it from the run’s page, or name the run by its address.',
    })
  }
  const bytes = readBounded(path, maximumBytes[role])
  const listed = artifacts.find((artifact) => artifact.role === role)
  if (digestBytes(bytes) === `sha256:${listed?.sha256}`) return bytes
  throw new BenchError({
    code: 'verification-failed',
    message: `${path} is not the file that the manifest lists.`,
    path,
    hint: `\`mate-bench verify ${folder}\` shows every difference.`,
  })
}
