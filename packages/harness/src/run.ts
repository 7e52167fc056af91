import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type BackendName, type BackendSettings, openBackend } from '@mate-bench/backends'
import { openDataset } from '@mate-bench/datasets'
import type { Model, Network } from '@mate-bench/nn'
import { BenchError, companionFiles, type Manifest } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import { flushFile, writeFileAtomic } from './atomic-file.ts'
import { snapshot } from './checkpoint.ts'
import { chooseBackend } from './choose-backend.ts'
import { describeCode, describeEnvironment } from './environment.ts'
import { recordEnvironment } from './environment-record.ts'
import { predictSplit } from './evaluate.ts'
import { evaluationBatchSize } from './evaluation-batch-size.ts'
import type { OnEvent, RunEvent } from './events.ts'
import { appendJsonLine } from './json-lines.ts'
import { createLearner, type Learner } from './learner.ts'
import { findTeachers, openTeacher } from './load-teachers.ts'
import { describeArtifacts, describeModel, describeTrack, formatManifest, sealManifest } from './manifest.ts'
import { computeResults } from './metrics.ts'
import { estimateBytes } from './plan.ts'
import { encodePredictions } from './predictions-file.ts'
import { filesOf, runFiles } from './run-files.ts'
import {
  clearLockOfComplete,
  isComplete,
  openRunFolder,
  type RunFolder,
  runFolderPath,
} from './run-folder.ts'
import { encodeSafetensors } from './safetensors.ts'
import { finishSealed } from './sealed-run.ts'
import { confirmRepeats } from './self-check/confirm-repeats.ts'
import { findSigningKey, formatEnvelope, type SigningKey, signRun } from './signing/index.ts'
import { describeSpecNetwork, digestSpec, type Spec } from './spec.ts'
import { ensureStart, newRunId } from './start-record.ts'
import { train } from './train.ts'
import { trainingCosts } from './training-costs.ts'

export interface RunOptions {
  readonly spec: Spec
  readonly seed: number
  /** Where the run was given an id before it began: `run_` and 20 hex digits. Default: a new one. */
  readonly runId?: string | undefined
  /** Folder that run folders go into. */
  readonly out: string
  readonly backend: BackendName | 'auto'
  /** What is fixed about how it computes. */
  readonly settings?: BackendSettings | undefined
  readonly dataFolder?: string | undefined
  /** Go on from the checkpoint of an unfinished run. */
  readonly resume?: boolean | undefined
  /** Go on though the checkpoint was trained with another backend, Node or code; the manifest records it. */
  readonly allowDifferentEnvironment?: boolean | undefined
  readonly checkpointEverySteps?: number | undefined
  /** Fires to stop after the current step, with everything saved. */
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: OnEvent | undefined
}

/**
 * One run from spec to manifest: data, network, training, every exit on the test split, metrics from the
 * predictions, manifest. A run that is complete already is left as it is.
 *
 * @returns the run's folder
 * @throws BenchError `interrupted` when `signal` fired (resume with the same options and `resume`),
 *   `not-found` for a teacher that was not trained yet, `data-missing`, `backend-unavailable`, `conflict`, `storage`, `non-finite`
 */
export async function runSpec(options: RunOptions): Promise<{ folder: string; alreadyComplete: boolean }> {
  const { spec, seed, out } = options
  const complete = { folder: runFolderPath(out, spec, seed), alreadyComplete: true }
  if (isComplete(out, spec, seed)) {
    clearLockOfComplete(out, spec, seed)
    return complete
  }
  const { signal } = options
  const tell: OnEvent = (event) => options.onEvent?.(event)
  const warn = (message: string) => tell({ type: 'warning', message })
  const sealed = await finishSealed({ out, spec, seed, signal, warn })
  if (sealed) {
    const top1 = sealed.results.exits.map((exit) => exit.top1)
    tell({ type: 'finished', folder: complete.folder, top1, wallSeconds: sealed.timing.wallSeconds })
    return { ...complete, alreadyComplete: false }
  }
  // Whoever had the lock may have finished it meanwhile.
  if (isComplete(out, spec, seed)) return complete
  // A key that can't be used is refused now, not when all is trained.
  const key = findSigningKey()
  const teachers = findTeachers(out, spec, seed)
  const dataset = await openDataset(spec.dataset, { dataFolder: options.dataFolder, signal })
  const network = describeSpecNetwork(spec, {
    inputShape: dataset.imageShape,
    classes: dataset.classes.length,
  })
  const { settings } = options
  const { name } = await chooseBackend(options.backend, { settings })
  const backend = await confirmRepeats(await openBackend(name, settings), settings)
  const costs = trainingCosts(spec, network, dataset.splits.train.indices.length)
  const folder = await openRunFolder({
    out,
    spec,
    seed,
    resume: options.resume ?? false,
    bytesNeeded: estimateBytes(network, dataset.splits, costs.needs),
    signal,
    warn,
  })
  try {
    const onEvent = loggedTo(folder, options.onEvent)
    // As it is now: what is committed while it trains is not what trains.
    const code = describeCode((message) => onEvent({ type: 'warning', message }))
    const environment = describeEnvironment(backend)
    const specDigest = digestSpec(spec)
    const stepsPerEpoch = Math.ceil(dataset.splits.train.indices.length / spec.training.batchSize)
    const models: Model[] = []
    for (const teacher of teachers) models.push(openTeacher(teacher))
    const learner = createLearner({
      spec,
      seed,
      network,
      stepsPerEpoch,
      trainIndices: dataset.splits.train.indices,
      teachers: models,
    })
    try {
      const partial = dirname(folder.path(runFiles.manifest))
      const runId = options.runId ?? newRunId(specDigest, seed)
      const start = await ensureStart({ partial, spec, seed, runId, key })
      const state = await train({
        spec,
        specDigest,
        runId: start?.runId ?? runId,
        seed,
        environment: recordEnvironment(environment, code),
        allowDifferentEnvironment: options.allowDifferentEnvironment ?? false,
        learner,
        teachers: teachers.map(({ record }) => record),
        dataset,
        folder,
        stepsPerEpoch,
        checkpointEverySteps: options.checkpointEverySteps,
        signal,
        onEvent,
      })
      const evaluationBegan = performance.now()
      const results = await judge({ spec, learner, network, dataset, folder, onEvent })
      await writeModel(folder, learner, spec, specDigest)
      const wallSeconds = state.wallSeconds + (performance.now() - evaluationBegan) / 1000
      onEvent({
        type: 'finished',
        folder: folder.folder,
        top1: results.exits.map(({ top1 }) => top1),
        wallSeconds,
      })
      // From here on the log is as the manifest says, whatever happens to the machine.
      flushFile(folder.path(runFiles.log))
      const hasValidation = dataset.splits.validation.indices.length > 0
      const manifest = sealManifest({
        schemaVersion: 1,
        runId: state.runId,
        spec,
        specDigest,
        seed,
        track: describeTrack(dataset),
        code,
        environment,
        data: {
          name: dataset.name,
          source: dataset.source,
          files: dataset.files.map((file) => ({ ...file })),
        },
        timing: {
          startedAt: state.startedAt,
          finishedAt: new Date().toISOString(),
          wallSeconds,
          trainImagesPerSecond:
            (dataset.splits.train.indices.length * spec.training.epochs) / state.trainSeconds,
          resumptions: state.resumptions,
          ...(state.environmentChanges.length > 0 ? { environmentChanges: state.environmentChanges } : {}),
        },
        model: describeModel(network),
        training: {
          epochs: spec.training.epochs,
          steps: spec.training.epochs * stepsPerEpoch,
          judgedEpoch: state.judgedEpoch,
          trainingOnlyParameters: [...learner.groups.method.values()].reduce(
            (sum, { size }) => sum + size,
            0,
          ),
          trainingMacsPerImage: costs.trainingMacsPerImage,
          notes: projectionNotes(learner),
        },
        ...(teachers.length > 0 ? { teachers: teachers.map(({ record }) => record) } : {}),
        results: { ...results, ...(state.attention ? { attention: state.attention } : {}) },
        artifacts: describeArtifacts(folder.path, hasValidation),
        deterministic: backend.deterministic && state.environmentChanges.length === 0,
      })
      // Before the manifest, with which the run is complete.
      writeSignature(folder, manifest, key)
      writeFileAtomic(folder.path(runFiles.manifest), formatManifest(manifest))
      folder.finish(filesOf(manifest))
      return { ...complete, alreadyComplete: false }
    } finally {
      learner.dispose()
      for (const model of models) model.dispose()
    }
  } catch (thrown) {
    throw thrown instanceof BenchError && thrown.code === 'interrupted' ? withPath(thrown, folder) : thrown
  } finally {
    folder.release()
  }
}

interface JudgeOptions {
  readonly spec: Spec
  readonly learner: Learner
  readonly network: Network
  readonly dataset: Awaited<ReturnType<typeof openDataset>>
  readonly folder: RunFolder
  readonly onEvent: OnEvent
}

/** Predictions of both splits to their files, and the results from them. */
async function judge({ spec, learner, network, dataset, folder, onEvent }: JudgeOptions) {
  const predict = async (split: 'validation' | 'test', file: string) => {
    onEvent({ type: 'evaluating', split })
    const predictions = await predictSplit({
      model: learner.model,
      dataset,
      split,
      batchSize: evaluationBatchSize(spec),
    })
    writeFileAtomic(folder.path(file), encodePredictions(predictions))
    return predictions.table
  }
  const hasValidation = dataset.splits.validation.indices.length > 0
  return computeResults({
    validation: hasValidation ? await predict('validation', runFiles.validationPredictions) : undefined,
    test: await predict('test', runFiles.predictions),
    protocols: spec.evaluation.protocols,
    sequentialMacs: describeModel(network).exits.map(({ sequentialMacs }) => sequentialMacs),
  })
}

/** No run id, time or host in it: equal weights are equal bytes. */
async function writeModel(
  folder: RunFolder,
  learner: Learner,
  spec: Spec,
  specDigest: string,
): Promise<void> {
  const tensors = new Map(
    [...(await snapshot({ model: learner.groups.model }))].map(([name, tensor]) => [
      name.slice('model/'.length),
      tensor,
    ]),
  )
  const metadata = {
    format: 'mate-bench',
    layout: 'convolutions HWIO, depthwise HWC1, linear in x out',
    spec: spec.name,
    specDigest,
  }
  writeFileAtomic(folder.path(runFiles.model), encodeSafetensors({ tensors, metadata }))
}

function writeSignature(folder: RunFolder, manifest: Manifest, key: SigningKey | undefined): void {
  const path = folder.path(companionFiles.signature.file)
  // One that is there is of an attempt that was killed before it was complete.
  if (key) writeFileAtomic(path, formatEnvelope(signRun(key, manifest)))
  else rmSync(path, { force: true })
}

/** What a manifest notes of the maps that a method added to compare features of different width. */
export function projectionNotes(learner: Learner): string[] {
  return learner.method.parameters
    .filter(({ name }) => name.startsWith('projection'))
    .map(({ name, variable }) => `training-only map ${name} [${variable.shape.join(', ')}]`)
}

/** Tells the listener and keeps everything but steps and checkpoints in `log.jsonl`, with time and memory. */
function loggedTo(folder: RunFolder, listener: OnEvent | undefined): OnEvent {
  return (event: RunEvent) => {
    if (event.type !== 'step' && event.type !== 'checkpoint') {
      const { numTensors, numBytes } = tf.memory()
      const row = {
        at: new Date().toISOString(),
        ...event,
        tensors: numTensors,
        tensorBytes: numBytes,
        residentBytes: process.memoryUsage().rss,
      }
      appendJsonLine(folder.path(runFiles.log), row)
    }
    listener?.(event)
  }
}

function withPath(error: BenchError, folder: RunFolder): BenchError {
  return new BenchError({
    code: error.code,
    message: error.message,
    path: `${folder.folder}.partial`,
    hint: 'Go on with the same command and --resume.',
    cause: error,
  })
}
