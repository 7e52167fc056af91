import type { TrainLoader } from '@mate-bench/datasets/in-memory'
import { BenchError } from '@mate-bench/schema'
import { evaluatePredictions } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { snapshot, type TrainingState } from './checkpoint.ts'
import { judgeEpoch } from './checkpoint-rules/registry.ts'
import type { OnEvent } from './events.ts'
import type { Learner } from './learner.ts'
import { learningRateAt, learningRates } from './learning-rates.ts'
import { copyParameters } from './network-copy.ts'
import { exitsOf, phaseAt } from './phases.ts'
import type { SplitPredictions } from './predict.ts'
import type { NamedTensor } from './safetensors.ts'
import type { Spec } from './spec.ts'
import { type StepResult, trainStep } from './train-step.ts'

/** Where training stands. */
export type LoopState = Pick<
  TrainingState,
  | 'epoch'
  | 'step'
  | 'sums'
  | 'bestScore'
  | 'judgedEpoch'
  | 'attention'
  | 'metrics'
  | 'wallSeconds'
  | 'trainSeconds'
>

/** A run while it trains: its state, and the weights of its best epoch where the spec's rule keeps them. */
export interface LoopRun<State extends LoopState = LoopState> {
  readonly state: State
  /** Under `best/name`. */
  best: ReadonlyMap<string, NamedTensor> | undefined
}

/** A line of `metrics.jsonl`. */
export type MetricsRow = TrainingState['metrics'][number]

export interface LoopOptions {
  readonly spec: Spec
  readonly learner: Learner
  readonly run: LoopRun
  readonly stepsPerEpoch: number
  readonly classes: number
  /** What feeds the learner's phase. */
  readonly openLoader: () => TrainLoader
  /** Predictions of the validation split; undefined where there is none. */
  readonly validate: (() => Promise<SplitPredictions>) | undefined
  /** Lets everything else that waits for this thread have its turn. */
  readonly nextTurn: () => Promise<unknown>
  /** Keeps the state, after each epoch and where training stops. */
  readonly save: (wallSeconds: number) => Promise<void>
  /** Also save after every so many steps, besides the end of each epoch. */
  readonly saveEverySteps: number | undefined
  /** Told when an epoch is over. */
  readonly onRow: (row: MetricsRow) => void
  readonly signal: AbortSignal | undefined
  readonly onEvent: OnEvent
}

/**
 * Trains from where `run` stands to the last epoch, wherever it runs: files, threads and the event loop are the caller's.
 *
 * @returns seconds that training took in all
 * @throws BenchError `interrupted` when `signal` fired, after the step and `save`; `non-finite`
 */
export async function trainEpochs(options: LoopOptions): Promise<number> {
  const { spec, learner, run, stepsPerEpoch, openLoader, save, signal, onEvent } = options
  const { training } = spec
  const { state } = run
  const trackAttention = options.validate === undefined
  const began = performance.now()
  let sinceBegan = 0
  const wallSeconds = () => state.wallSeconds + sinceBegan
  let loader = openLoader()
  try {
    while (state.epoch < training.epochs) {
      for await (const batch of loader.batches(state.epoch, state.step)) {
        const stepBegan = performance.now()
        const { epoch, step } = state
        const learningRate = learningRateAt(training, { epoch, step, stepsPerEpoch })
        const result = await trainStep(
          { ...training, ...learner, classes: options.classes, trackAttention },
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
        await options.nextTurn()
        if (signal?.aborted && state.step < stepsPerEpoch) {
          await save(wallSeconds())
          throw interrupted(state, stepsPerEpoch)
        }
        if (options.saveEverySteps && state.step % options.saveEverySteps === 0) await save(wallSeconds())
      }
      await finishEpoch(options, wallSeconds)
      const next = phaseAt(training, state.epoch)
      if (next.name !== learner.phase.name) {
        learner.enter(next)
        await loader.close()
        loader = openLoader()
      }
      await save(wallSeconds())
      if (signal?.aborted && state.epoch < training.epochs) throw interrupted(state, stepsPerEpoch)
    }
  } finally {
    await loader.close()
  }
  return wallSeconds()
}

async function finishEpoch(options: LoopOptions, wallSeconds: () => number): Promise<void> {
  const { spec, learner, run, onEvent } = options
  const { state } = run
  if (learner.copy && learner.needs.copy?.isTaken(state.epoch + 1 - learner.phase.firstEpoch))
    copyParameters(learner.model, learner.copy)
  const exits = learner.model.network.exits.length
  const validated = await options.validate?.()
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
  options.onRow(row)
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
function batchAttention(exits: number, { sums }: LoopState): number[][] | undefined {
  if (sums.attention0 === undefined) return undefined
  return Array.from({ length: exits }, (_, i) =>
    Array.from({ length: exits }, (__, j) => mean(sums, `attention${i * exits + j}`)),
  )
}

function mean(sums: Readonly<Record<string, number>>, name: string): number {
  return (sums[name] ?? 0) / (sums.images ?? 1)
}

function interrupted(state: LoopState, stepsPerEpoch: number): BenchError {
  const where =
    state.step === 0
      ? `after epoch ${state.epoch}`
      : `in epoch ${state.epoch + 1}, step ${state.step} of ${stepsPerEpoch}`
  return new BenchError({ code: 'interrupted', message: `Stopped ${where}; everything so far is saved.` })
}
