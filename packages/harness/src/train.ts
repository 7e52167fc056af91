import { setImmediate as nextTurn } from 'node:timers/promises'
import { createTrainLoader, type OpenDataset } from '@mate-bench/datasets'
import { restore, snapshot, type TrainingState } from './checkpoint.ts'
import { saveCheckpoint } from './checkpoints.ts'
import type { EnvironmentRecord } from './environment-record.ts'
import { predictSplit } from './evaluate.ts'
import { evaluationBatchSize } from './evaluation-batch-size.ts'
import type { OnEvent } from './events.ts'
import { appendJsonLine } from './json-lines.ts'
import type { Learner } from './learner.ts'
import type { TeacherRecord } from './load-teachers.ts'
import { runFiles } from './run-files.ts'
import type { RunFolder } from './run-folder.ts'
import type { Spec } from './spec.ts'
import { type Training, takeUp, writeMetrics } from './take-up.ts'
import { trainEpochs } from './training-loop.ts'

export interface TrainOptions {
  readonly spec: Spec
  readonly specDigest: string
  /** Of a run that begins; one that goes on has its own. */
  readonly runId: string
  readonly seed: number
  /** What it is trained with. */
  readonly environment: EnvironmentRecord
  /** Go on from a checkpoint that was trained with something else. */
  readonly allowDifferentEnvironment: boolean
  readonly learner: Learner
  /** The runs that teach it. */
  readonly teachers: readonly TeacherRecord[]
  readonly dataset: OpenDataset
  readonly folder: RunFolder
  readonly stepsPerEpoch: number
  /** Also save after every so many steps, besides the end of each epoch. */
  readonly checkpointEverySteps: number | undefined
  readonly signal: AbortSignal | undefined
  readonly onEvent: OnEvent
}

/**
 * Trains to the last epoch, from the checkpoint where there is one, and leaves the judged weights in the
 * model. Saves after each epoch; when `signal` fires, finishes the step, saves and stops.
 *
 * @throws BenchError `interrupted`, `non-finite`, `storage`, and what `takeUp` throws
 */
export async function train(options: TrainOptions): Promise<TrainingState> {
  const { spec, seed, learner, dataset, folder, stepsPerEpoch, signal, onEvent } = options
  const { training } = spec
  const run = takeUp(options)
  const { state } = run
  const save = async (wallSeconds: number) => {
    state.methodState = learner.method.state?.() ?? {}
    const saved = { ...state, wallSeconds }
    const tensors = new Map([...(await snapshot(learner.groups)), ...(run.best ?? [])])
    saveCheckpoint(folder, { state: saved, tensors })
    onEvent({ type: 'checkpoint', epoch: state.epoch, step: state.step })
  }
  onEvent({
    type: 'started',
    runId: state.runId,
    seed,
    epochs: training.epochs,
    stepsPerEpoch,
    ...(state.epoch + state.step > 0 ? { resumedAt: { epoch: state.epoch, step: state.step } } : {}),
  })
  const hasValidation = dataset.splits.validation.indices.length > 0
  const wallSeconds = await trainEpochs({
    spec,
    learner,
    run,
    stepsPerEpoch,
    classes: dataset.classes.length,
    // Its thread is alive from here on: whatever may fail before it has no thread to leave behind.
    openLoader: () =>
      createTrainLoader({
        dataset,
        batchSize: training.batchSize,
        augmentation: training.augmentation,
        seed,
        rows: learner.needs,
      }),
    validate: hasValidation
      ? () => predictSplit({ ...learner, dataset, split: 'validation', batchSize: evaluationBatchSize(spec) })
      : undefined,
    // Node delivers up to a thousand batches that are ready in one turn of its event loop, and hears signals
    // between turns alone.
    nextTurn,
    save,
    saveEverySteps: options.checkpointEverySteps,
    onRow: (row) => appendJsonLine(folder.path(runFiles.metrics), row),
    signal,
    onEvent,
  })
  writeMetrics(options, run)
  restoreJudged(options, run)
  return { ...state, wallSeconds }
}

/** The rule `last` judges what is in the model; `best-validation` what was kept on the way. */
function restoreJudged({ learner }: TrainOptions, { best }: Training): void {
  if (best) restore(best, { best: learner.groups.model })
}
