import { setImmediate as nextTurn } from 'node:timers/promises'
import { createTrainLoader, type OpenDataset } from '@mate-bench/datasets'
import { BenchError } from '@mate-bench/schema'
import { evaluatePredictions } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { restore, snapshot, type TrainingState } from './checkpoint.ts'
import { judgeEpoch } from './checkpoint-rules/registry.ts'
import { saveCheckpoint } from './checkpoints.ts'
import type { EnvironmentRecord } from './environment-record.ts'
import { predictSplit } from './evaluate.ts'
import { evaluationBatchSize } from './evaluation-batch-size.ts'
import type { OnEvent } from './events.ts'
import { appendJsonLine } from './json-lines.ts'
import type { Learner } from './learner.ts'
import { learningRateAt, learningRates } from './learning-rates.ts'
import type { TeacherRecord } from './load-teachers.ts'
import { copyParameters } from './network-copy.ts'
import { exitsOf, phaseAt } from './phases.ts'
import { runFiles } from './run-files.ts'
import type { RunFolder } from './run-folder.ts'
import type { Spec } from './spec.ts'
import { type Training, takeUp, writeMetrics } from './take-up.ts'
import { type StepResult, trainStep } from './train-step.ts'

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
  const trackAttention = dataset.splits.validation.indices.length === 0
  const run = takeUp(options)
  const { state } = run
  const began = performance.now()
  let sinceBegan = 0
  const wallSeconds = () => state.wallSeconds + sinceBegan
  const save = async () => {
    state.methodState = learner.method.state?.() ?? {}
    const saved = { ...state, wallSeconds: wallSeconds() }
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
  // Its thread is alive from here on: whatever may fail before it has no thread to leave behind.
  const openLoader = () =>
    createTrainLoader({
      dataset,
      batchSize: training.batchSize,
      augmentation: training.augmentation,
      seed,
      rows: learner.needs,
    })
  let loader = openLoader()
  try {
    while (state.epoch < training.epochs) {
      for await (const batch of loader.batches(state.epoch, state.step)) {
        const stepBegan = performance.now()
        const { epoch, step } = state
        const learningRate = learningRateAt(training, { epoch, step, stepsPerEpoch })
        const result = await trainStep(
          { ...training, ...learner, classes: dataset.classes.length, trackAttention },
          batch,
          {
            epoch: epoch - learner.phase.firstEpoch + step / stepsPerEpoch,
            step: epoch * stepsPerEpoch + step,
            learningRate,
          },
        )
        const seconds = (performance.now() - stepBegan) / 1000
        state.trainSeconds += seconds
        addSums(state.sums, batch.size, result, trainedExits(learner))
        state.step++
        sinceBegan = (performance.now() - began) / 1000
        onEvent({
          type: 'step',
          epoch: state.epoch,
          step: state.step,
          loss: mean(state.sums, 'loss'),
          top1: trainedExits(learner).map((k) => mean(state.sums, `correct${k}`)),
          learningRate,
          imagesPerSecond: batch.size / seconds,
          tensors: tf.memory().numTensors,
        })
        // Node delivers up to a thousand batches that are ready in one turn of its event loop, and hears signals
        // between turns alone.
        await nextTurn()
        if (signal?.aborted && state.step < stepsPerEpoch) {
          await save()
          throw interrupted(state, stepsPerEpoch)
        }
        if (options.checkpointEverySteps && state.step % options.checkpointEverySteps === 0) await save()
      }
      await finishEpoch(options, run, wallSeconds)
      const next = phaseAt(training, state.epoch)
      if (next.name !== learner.phase.name) {
        learner.enter(next)
        await loader.close()
        loader = openLoader()
      }
      await save()
      if (signal?.aborted && state.epoch < training.epochs) throw interrupted(state, stepsPerEpoch)
    }
  } finally {
    await loader.close()
  }
  writeMetrics(options, run)
  restoreJudged(options, run)
  return { ...state, wallSeconds: wallSeconds() }
}

async function finishEpoch(options: TrainOptions, run: Training, wallSeconds: () => number): Promise<void> {
  const { spec, learner, dataset, folder, onEvent } = options
  const { state } = run
  if (learner.copy && learner.needs.copy?.isTaken(state.epoch + 1 - learner.phase.firstEpoch))
    copyParameters(learner.model, learner.copy)
  const exits = learner.model.network.exits.length
  const hasValidation = dataset.splits.validation.indices.length > 0
  const validated = hasValidation
    ? await predictSplit({ ...learner, dataset, split: 'validation', batchSize: evaluationBatchSize(spec) })
    : undefined
  const { phase } = learner
  const trained = trainedExits(learner)
  const validation = (validated ? evaluatePredictions(validated.table).exits : [])
    .map(({ top1, nll, ece }, k) => ({ k: k + 1, top1, nll, ece }))
    .filter(({ k }) => trained.includes(k))
  const attention = validated?.attention ?? batchAttention(exits, state)
  const trainTop1 = trained.map((k) => mean(state.sums, `correct${k}`))
  const row = {
    epoch: state.epoch + 1,
    ...(phase.name === 'whole' ? {} : { phase: phase.name }),
    steps: state.step,
    learningRate: learningRates(spec.training, { epoch: state.epoch, stepsPerEpoch: state.step }),
    loss: mean(state.sums, 'loss'),
    terms: Object.fromEntries(
      Object.keys(state.sums)
        .filter((name) => name.startsWith('term/'))
        .map((name) => [name.slice('term/'.length), mean(state.sums, name)]),
    ),
    train: trained.map((k, i) => ({ k, top1: trainTop1[i] ?? Number.NaN })),
    validation,
    ...(attention ? { attention } : {}),
  }
  state.metrics.push(row)
  appendJsonLine(folder.path(runFiles.metrics), row)
  // A backbone whose heads are not trained yet is not judged.
  const verdict =
    phase.name === 'backbone'
      ? { keep: false, score: undefined }
      : judgeEpoch(
          spec.evaluation.checkpoint,
          validation.map(({ top1 }) => top1),
          state.bestScore ?? undefined,
        )
  state.bestScore = verdict.score ?? null
  if (verdict.keep) {
    state.judgedEpoch = state.epoch + 1
    state.attention = attention ?? null
    if (spec.evaluation.checkpoint.name === 'best-validation') {
      run.best = await snapshot({ best: learner.groups.model })
    }
  }
  onEvent({
    type: 'epoch',
    epoch: state.epoch + 1,
    ...(phase.name === 'whole' ? {} : { phase: phase.name }),
    loss: row.loss,
    trainTop1,
    validationTop1: validation.map(({ top1 }) => top1),
    wallSeconds: wallSeconds(),
  })
  state.epoch++
  state.step = 0
  state.sums = {}
}

/** Numbers of the exits that the learner's phase trains. */
function trainedExits({ phase, model }: Learner): number[] {
  return exitsOf(phase, model.network.exits.length)
}

/** The rule `last` judges what is in the model; `best-validation` what was kept on the way. */
function restoreJudged({ learner }: TrainOptions, { best }: Training): void {
  if (best) restore(best, { best: learner.groups.model })
}

function addSums(
  sums: Record<string, number>,
  size: number,
  { loss, terms, correct, attention }: StepResult,
  exits: readonly number[],
): void {
  const add = (name: string, value: number) => {
    sums[name] = (sums[name] ?? 0) + value
  }
  add('images', size)
  add('loss', loss * size)
  for (const [name, value] of Object.entries(terms)) add(`term/${name}`, value * size)
  exits.forEach((k, i) => {
    add(`correct${k}`, correct[i] ?? Number.NaN)
  })
  attention.forEach((weight, i) => {
    add(`attention${i}`, weight * size)
  })
}

/** Attention rows averaged over the epoch's batches, where there is no validation split to average over. */
function batchAttention(exits: number, { sums }: TrainingState): number[][] | undefined {
  if (sums.attention0 === undefined) return undefined
  return Array.from({ length: exits }, (_, i) =>
    Array.from({ length: exits }, (__, j) => mean(sums, `attention${i * exits + j}`)),
  )
}

function mean(sums: Readonly<Record<string, number>>, name: string): number {
  return (sums[name] ?? 0) / (sums.images ?? 1)
}

function interrupted(state: TrainingState, stepsPerEpoch: number): BenchError {
  const where =
    state.step === 0
      ? `after epoch ${state.epoch}`
      : `in epoch ${state.epoch + 1}, step ${state.step} of ${stepsPerEpoch}`
  return new BenchError({ code: 'interrupted', message: `Stopped ${where}; everything so far is saved.` })
}
