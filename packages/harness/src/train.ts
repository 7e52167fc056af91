import { setImmediate as nextTurn } from 'node:timers/promises'
import { createTrainLoader, type OpenDataset } from '@mate-bench/datasets'
import { bindMethod, type MethodInstance, type MethodNeeds, methodNeeds } from '@mate-bench/methods'
import { createModel, type Model, type Network } from '@mate-bench/nn'
import { BenchError } from '@mate-bench/schema'
import { evaluatePredictions } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { restore, snapshot, type TrainingState, type VariableGroup } from './checkpoint.ts'
import { judgeEpoch } from './checkpoint-rules/registry.ts'
import { saveCheckpoint } from './checkpoints.ts'
import type { EnvironmentRecord } from './environment-record.ts'
import { predictSplit } from './evaluate.ts'
import type { OnEvent } from './events.ts'
import { ImageMemory } from './image-memory.ts'
import { appendJsonLine } from './json-lines.ts'
import { learningRates } from './learning-rates.ts'
import { copyParameters } from './network-copy.ts'
import type { Optimizer, TrainableParameter } from './optimizers/optimizer.ts'
import { createOptimizer } from './optimizers/registry.ts'
import { type RunFolder, runFiles } from './run-folder.ts'
import { scheduleFactor } from './schedules/registry.ts'
import type { Spec } from './spec.ts'
import { type Training, takeUp, writeMetrics } from './take-up.ts'
import { type StepResult, trainStep } from './train-step.ts'

/** A network with its method and optimiser, ready to take steps. Owns their variables. */
export interface Learner {
  readonly model: Model
  readonly method: MethodInstance
  /** What the method needs of the loop; `copy` and `memory` are there where it needs them. */
  readonly needs: MethodNeeds
  readonly copy: Model | undefined
  readonly memory: ImageMemory | undefined
  readonly optimizer: Optimizer
  readonly parameters: readonly TrainableParameter[]
  /** Everything a checkpoint saves, by group. */
  readonly groups: Readonly<Record<'model' | 'method', ReadonlyMap<string, tf.Variable>>> &
    Readonly<Record<'optimizer', VariableGroup>> &
    Readonly<Partial<Record<'copy' | 'memory', VariableGroup>>>
  dispose(): void
}

export interface LearnerOptions {
  readonly spec: Spec
  readonly seed: number
  readonly network: Network
  readonly stepsPerEpoch: number
  /** The training split: of what a memory of images has rows. Left out by who does not train. */
  readonly trainIndices?: Uint32Array
}

export function createLearner(options: LearnerOptions): Learner {
  const { spec, seed, network, stepsPerEpoch, trainIndices } = options
  const model = createModel(network, seed)
  const needs = methodNeeds(spec.method, {
    exits: network.exits.length,
    classes: network.classes,
    epochs: spec.training.epochs,
  })
  const copy = needs.copy ? createModel(network, seed) : undefined
  const memory =
    needs.memory && trainIndices ? new ImageMemory(trainIndices, needs.memory.numbersPerImage) : undefined
  const shapes = new Map(network.nodes.map((node) => [node.name, node.shape]))
  const method = bindMethod(spec.method, {
    exits: network.exits.map(({ k, featureWidth, featureMap }) => ({
      k,
      featureWidth,
      featureMapShape: shapes.get(featureMap) ?? [featureWidth],
    })),
    classes: network.classes,
    epochs: spec.training.epochs,
    stepsPerEpoch,
    seed,
  })
  const decayAll = spec.training.optimizer.decayNormAndBias
  const parameters: TrainableParameter[] = []
  for (const { name, role, trainable } of model.parameters) {
    const variable = model.variables.get(name)
    if (trainable && variable) parameters.push({ name, variable, decay: decayAll || role === 'kernel' })
  }
  for (const { name, variable, decay = true } of method.parameters) {
    parameters.push({ name: `method/${name}`, variable, decay: decay && (decayAll || variable.rank > 1) })
  }
  const optimizer = createOptimizer(spec.training.optimizer, parameters)
  return {
    model,
    method,
    needs,
    copy,
    memory,
    optimizer,
    parameters,
    groups: {
      model: model.variables,
      method: new Map(method.parameters.map(({ name, variable }) => [name, variable])),
      optimizer: optimizer.state,
      ...(copy ? { copy: copy.variables } : {}),
      ...(memory ? { memory: new Map([['images', memory]]) } : {}),
    },
    dispose() {
      copy?.dispose()
      optimizer.dispose()
      method.dispose()
      model.dispose()
    },
  }
}

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
  const loader = createTrainLoader({
    dataset,
    batchSize: training.batchSize,
    augmentation: training.augmentation,
    seed,
    rows: learner.needs,
  })
  try {
    while (state.epoch < training.epochs) {
      for await (const batch of loader.batches(state.epoch, state.step)) {
        const stepBegan = performance.now()
        const position = {
          step: state.epoch * stepsPerEpoch + state.step,
          stepsPerEpoch,
          epochs: training.epochs,
        }
        const learningRate = training.optimizer.learningRate * scheduleFactor(training.schedule, position)
        const result = await trainStep(
          { ...training, ...learner, classes: dataset.classes.length, trackAttention },
          batch,
          { epoch: state.epoch + state.step / stepsPerEpoch, step: position.step, learningRate },
        )
        const seconds = (performance.now() - stepBegan) / 1000
        state.trainSeconds += seconds
        addSums(state.sums, batch.size, result)
        state.step++
        sinceBegan = (performance.now() - began) / 1000
        onEvent({
          type: 'step',
          epoch: state.epoch,
          step: state.step,
          loss: mean(state.sums, 'loss'),
          top1: result.correct.map((_, k) => mean(state.sums, `correct${k + 1}`)),
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
  if (learner.copy && learner.needs.copy?.isTaken(state.epoch + 1))
    copyParameters(learner.model, learner.copy)
  const exits = learner.model.network.exits.length
  const hasValidation = dataset.splits.validation.indices.length > 0
  const validated = hasValidation
    ? await predictSplit({ ...learner, dataset, split: 'validation', batchSize: evaluationBatchSize(spec) })
    : undefined
  const validation = validated ? evaluatePredictions(validated.table).exits : []
  const attention = validated?.attention ?? batchAttention(exits, state)
  const trainTop1 = Array.from({ length: exits }, (_, k) => mean(state.sums, `correct${k + 1}`))
  const row = {
    epoch: state.epoch + 1,
    steps: state.step,
    learningRate: learningRates(spec.training, { epoch: state.epoch, stepsPerEpoch: state.step }),
    loss: mean(state.sums, 'loss'),
    terms: Object.fromEntries(
      Object.keys(state.sums)
        .filter((name) => name.startsWith('term/'))
        .map((name) => [name.slice('term/'.length), mean(state.sums, name)]),
    ),
    train: trainTop1.map((top1, k) => ({ k: k + 1, top1 })),
    validation: validation.map(({ top1, nll, ece }, k) => ({ k: k + 1, top1, nll, ece })),
    ...(attention ? { attention } : {}),
  }
  state.metrics.push(row)
  appendJsonLine(folder.path(runFiles.metrics), row)
  const verdict = judgeEpoch(
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
    loss: row.loss,
    trainTop1,
    validationTop1: validation.map(({ top1 }) => top1),
    wallSeconds: wallSeconds(),
  })
  state.epoch++
  state.step = 0
  state.sums = {}
}

/** The rule `last` judges what is in the model; `best-validation` what was kept on the way. */
function restoreJudged({ learner }: TrainOptions, { best }: Training): void {
  if (best) restore(best, { best: learner.groups.model })
}

/** Evaluation needs no gradients, so larger batches fit; the figures do not depend on it. */
export function evaluationBatchSize(spec: Spec): number {
  return Math.max(spec.training.batchSize, 100)
}

function addSums(
  sums: Record<string, number>,
  size: number,
  { loss, terms, correct, attention }: StepResult,
): void {
  const add = (name: string, value: number) => {
    sums[name] = (sums[name] ?? 0) + value
  }
  add('images', size)
  add('loss', loss * size)
  for (const [name, value] of Object.entries(terms)) add(`term/${name}`, value * size)
  correct.forEach((count, k) => {
    add(`correct${k + 1}`, count)
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
