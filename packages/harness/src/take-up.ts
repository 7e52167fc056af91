import { canonicalJson } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import { writeFileAtomic } from './atomic-file.ts'
import { type Checkpoint, requireTensors, restore, type TrainingState } from './checkpoint.ts'
import { damaged } from './checkpoint-file.ts'
import { loadCheckpoint } from './checkpoints.ts'
import { compareEnvironments, differencesText } from './environment-record.ts'
import { phaseAt } from './phases.ts'
import { runFiles } from './run-files.ts'
import type { TrainOptions } from './train.ts'
import type { LoopRun } from './training-loop.ts'

export type Training = LoopRun<TrainingState>

/**
 * Where to start from, with the variables set accordingly and `metrics.jsonl` as it was at that moment.
 * @throws BenchError `bad-input` for checkpoints that are damaged, `conflict` for those of another spec, seed or
 *   environment, `storage`
 */
export function takeUp(options: TrainOptions): Training {
  const { spec, learner, folder, onEvent } = options
  const checkpoint = loadCheckpoint(
    folder,
    (found, path) => {
      learner.enter(phaseAt(spec.training, found.state.epoch))
      requireFit(options, found, path)
    },
    (message) => onEvent({ type: 'warning', message }),
  )
  const training = checkpoint ? goOn(options, checkpoint) : begin(options)
  writeMetrics(options, training)
  if (checkpoint) {
    restore(checkpoint.tensors, learner.groups)
    learner.method.restore?.(checkpoint.state.methodState)
  }
  return training
}

/** `metrics.jsonl` is for readers; what it has to hold is in the checkpoint. */
export function writeMetrics({ folder }: TrainOptions, { state }: Training): void {
  const rows = state.metrics.map((row) => `${JSON.stringify(row)}\n`)
  writeFileAtomic(folder.path(runFiles.metrics), rows.join(''))
}

function begin({ runId, specDigest, seed, environment, teachers }: TrainOptions): Training {
  const state = {
    runId,
    specDigest,
    seed,
    startedAt: new Date().toISOString(),
    epoch: 0,
    step: 0,
    sums: {},
    methodState: {},
    bestScore: null,
    judgedEpoch: 0,
    attention: null,
    wallSeconds: 0,
    trainSeconds: 0,
    resumptions: 0,
    metrics: [],
    environment,
    ...(teachers.length > 0 ? { teachers: [...teachers] } : {}),
    environmentChanges: [],
  }
  return { state, best: undefined }
}

function goOn(options: TrainOptions, { state, tensors }: Checkpoint): Training {
  const { environment, allowDifferentEnvironment, folder, onEvent } = options
  const best = new Map([...tensors].filter(([name]) => name.startsWith('best/')))
  const next: TrainingState = { ...state, resumptions: state.resumptions + 1, environment }
  const differences = compareEnvironments(state.environment, environment)
  if (differences.length > 0) {
    const text = differencesText(differences)
    if (!allowDifferentEnvironment) {
      const path = folder.path(runFiles.checkpoint)
      throw new BenchError({
        code: 'conflict',
        message: `The run was trained with something else until now: ${text}.`,
        path,
        hint: `Go on with what it was trained with, or with --allow-different-environment, which the manifest records, or delete the folder to start again: ${folder.folder}.partial`,
      })
    }
    onEvent({ type: 'warning', message: `It goes on with something else: ${text}. The manifest records it.` })
    const { epoch, step } = state
    next.environmentChanges = [...state.environmentChanges, { epoch, step, differences }]
  }
  return { state: next, best: best.size > 0 ? best : undefined }
}

/** A seal shows that nobody changed a checkpoint; this, that it may be one of this run. */
function requireFit(
  { spec, specDigest, seed, stepsPerEpoch, learner, teachers }: TrainOptions,
  { state, tensors }: Checkpoint,
  path: string,
): void {
  if (state.specDigest !== specDigest || state.seed !== seed) {
    throw new BenchError({
      code: 'conflict',
      message: `The checkpoint belongs to another spec or seed: ${path}`,
      path,
      hint: `It was written for a spec with digest ${state.specDigest}. Delete the folder of "${spec.name}" to start again.`,
    })
  }
  if (canonicalJson(state.teachers ?? []) !== canonicalJson(teachers)) {
    throw new BenchError({
      code: 'conflict',
      message: `The run was taught by another network so far: its teacher has been trained again since. ${path}`,
      path,
      hint: `Put the teacher's run back, or delete the folder of "${spec.name}" to start again.`,
    })
  }
  const { epochs } = spec.training
  const isPossible =
    state.epoch <= epochs &&
    state.step <= stepsPerEpoch && // all of an epoch whose end was not reached any more
    (state.epoch < epochs || state.step === 0) &&
    state.judgedEpoch <= state.epoch &&
    state.metrics.length === state.epoch
  if (!isPossible) {
    const where = `epoch ${state.epoch} of ${epochs}, step ${state.step} of ${stepsPerEpoch}`
    throw damaged(path, `it stands at ${where}, with ${state.metrics.length} rows of metrics`)
  }
  requireTensors(tensors, learner.groups, path)
  const keepsBest = spec.evaluation.checkpoint.name === 'best-validation' && state.judgedEpoch > 0
  if (keepsBest) requireTensors(tensors, { best: learner.groups.model }, path)
}
