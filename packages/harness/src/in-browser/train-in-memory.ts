import {
  createInlineLoader,
  evaluationBatches,
  loaderWork,
  type OpenDataset,
} from '@mate-bench/datasets/in-memory'
import { teachersOf } from '@mate-bench/methods'
import { BenchError } from '@mate-bench/schema'
import { evaluatePredictions } from '@mate-bench/stats'
import { restore } from '../checkpoint.ts'
import { evaluationBatchSize } from '../evaluation-batch-size.ts'
import type { OnEvent } from '../events.ts'
import { createLearner } from '../learner.ts'
import { predict } from '../predict.ts'
import { describeSpecNetwork, type Spec } from '../spec.ts'
import { type LoopRun, trainEpochs } from '../training-loop.ts'

export interface TrainInMemoryOptions {
  readonly spec: Spec
  readonly seed: number
  /** With its images in memory. */
  readonly dataset: OpenDataset
  /** Lets everything else that waits for this thread have its turn. */
  readonly nextTurn: () => Promise<unknown>
  readonly signal?: AbortSignal | undefined
  readonly onEvent: OnEvent
}

export interface TrainedInMemory {
  readonly wallSeconds: number
  /** The epoch whose weights were judged, 1-based. */
  readonly judgedEpoch: number
  /** Top-1 accuracy of every exit on the test split, shallowest first. */
  readonly testTop1: readonly number[]
}

/**
 * Trains one seed of a spec on the current backend as `runSpec` does, with the same batches, steps and rules, but keeps
 * nothing: no folder, no checkpoint. Runs in a browser.
 *
 * @throws BenchError `interrupted` when `signal` fired, `non-finite`, `bad-input` for a method that learns from a network which
 *   was trained before
 */
export async function trainInMemory(options: TrainInMemoryOptions): Promise<TrainedInMemory> {
  const { spec, seed, dataset, nextTurn, signal, onEvent } = options
  if (teachersOf(spec.method).length > 0) {
    throw new BenchError({
      code: 'bad-input',
      message: `The method "${spec.method.name}" learns from a network that was trained before, and there is none here.`,
      path: 'method.name',
      hint: 'Choose another method, or train from a terminal.',
    })
  }
  const { training } = spec
  const { train, validation } = dataset.splits
  const classes = dataset.classes.length
  const stepsPerEpoch = Math.ceil(train.indices.length / training.batchSize)
  const learner = createLearner({
    spec,
    seed,
    network: describeSpecNetwork(spec, { inputShape: dataset.imageShape, classes }),
    stepsPerEpoch,
    trainIndices: train.indices,
  })
  const evaluate = (split: 'validation' | 'test') =>
    predict({
      ...learner,
      indices: dataset.splits[split].indices,
      batches: evaluationBatches(dataset, split, evaluationBatchSize(spec)),
      classes,
    })
  const run: LoopRun = {
    best: undefined,
    state: {
      epoch: 0,
      step: 0,
      sums: {},
      bestScore: null,
      judgedEpoch: 0,
      attention: null,
      metrics: [],
      wallSeconds: 0,
      trainSeconds: 0,
    },
  }
  try {
    const wallSeconds = await trainEpochs({
      spec,
      learner,
      run,
      stepsPerEpoch,
      classes,
      openLoader: () => createInlineLoader(loaderWork({ ...training, dataset, seed, rows: learner.needs })),
      validate: validation.indices.length > 0 ? () => evaluate('validation') : undefined,
      nextTurn,
      save: async () => {},
      saveEverySteps: undefined,
      onRow: () => {},
      signal,
      onEvent,
    })
    if (run.best) restore(run.best, { best: learner.groups.model })
    onEvent({ type: 'evaluating', split: 'test' })
    const { exits } = evaluatePredictions((await evaluate('test')).table)
    return { wallSeconds, judgedEpoch: run.state.judgedEpoch, testTop1: exits.map(({ top1 }) => top1) }
  } finally {
    learner.dispose()
  }
}
