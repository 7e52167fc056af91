import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type BackendName, openBackend, settingsFromRecord } from '@mate-bench/backends'
import { openDataset } from '@mate-bench/datasets'
import { createModel } from '@mate-bench/nn'
import { digestBytes } from '@mate-bench/provenance'
import { type ArtifactRole, artifactFiles, BenchError, type Manifest } from '@mate-bench/schema'
import { requireTensors, restore } from './checkpoint.ts'
import { predictSplit } from './evaluate.ts'
import { evaluationBatchSize } from './evaluation-batch-size.ts'
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
  /** Every number of the results, as published and as the weights give it here. */
  readonly numbers: readonly NumberPair[]
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
  const model = createModel(planSpec(spec).network, manifest.seed)
  try {
    const tensors = new Map([...weights.tensors].map(([tensor, value]) => [`model/${tensor}`, value]))
    requireTensors(tensors, { model: model.variables }, artifactFiles.model.file)
    restore(tensors, { model: model.variables })
    const splits: EvaluatedSplit[] = []
    const found: { test?: PredictionsFile; validation?: PredictionsFile } = {}
    for (const split of ['test', 'validation'] as const) {
      if (dataset.splits[split].indices.length === 0) continue
      const predictions = await predictSplit({ model, dataset, split, batchSize: evaluationBatchSize(spec) })
      found[split] = predictions
      const role = split === 'test' ? 'predictions' : 'validation-predictions'
      const listed = manifest.artifacts.find((artifact) => artifact.role === role)
      const written = encodePredictions(predictions)
      const sameBytes = digestBytes(written) === `sha256:${listed?.sha256}`
      options.onPredictions?.(role, written)
      const isHere = existsSync(join(folder, artifactFiles[role].file))
      const compared =
        sameBytes || !isHere
          ? undefined
          : await rerunDifferences({
              ...{ model, dataset, split, backend: manifest.environment.backend.name, onBatch: () => {} },
              file: await decodePredictions(listedBytes(folder, manifest, role), artifactFiles[role].file),
              rows: [...predictions.indices.keys()],
            })
      const { summary: rerun, problems = [] } = compared ?? {}
      splits.push({ split, images: predictions.indices.length, sameBytes, rerun, problems })
    }
    const { test, validation } = found
    if (!test) throw new RangeError('a dataset without test images')
    const results = computeResults({
      test: test.table,
      validation: validation?.table,
      protocols: spec.evaluation.protocols,
      sequentialMacs: manifest.model.exits.map(({ sequentialMacs }) => sequentialMacs),
      rounding: manifest.results.budgetedConfidences ?? 'grid',
    })
    // Attention is of the training, and no prediction.
    const { attention: _, ...published } = manifest.results
    const here = { ...manifest, results }
    const { numbers } = compareRuns({ ...manifest, results: published }, here)
    return { manifest, backend: opened.name, splits, numbers }
  } finally {
    model.dispose()
  }
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
