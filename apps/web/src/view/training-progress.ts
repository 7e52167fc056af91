import type { TrainingNews } from '../components/try/training-messages.ts'

/** Points of a curve before every second one goes: a chart of 640 pixels shows no more, and a spec may have a million epochs. */
const mostPoints = 500

/** Finished epochs whose figures are kept. */
const mostEpochs = 50

/** A point of a live curve. */
export interface CurvePoint {
  /** Epochs done, with fractions. */
  readonly epoch: number
  /** Share of images, in [0, 1]. */
  readonly top1: number
}

/** An epoch that is over; accuracies by the exit's number. */
export interface EpochFigures {
  readonly epoch: number
  readonly loss: number
  readonly train: ReadonlyMap<number, number>
  readonly validation: ReadonlyMap<number, number>
}

export type TrainingStage =
  | 'idle'
  | 'images'
  | 'backend'
  | 'training'
  | 'evaluating'
  | 'trained'
  | 'stopped'
  | 'failed'

/** A training as its page shows it. */
export interface TrainingProgress {
  readonly stage: TrainingStage
  readonly began: Extract<TrainingNews, { type: 'began' }> | undefined
  /** Top-1 on the images of the epoch so far, by exit, at every step. */
  readonly training: ReadonlyMap<number, readonly CurvePoint[]>
  /** Top-1 on the validation split after each epoch, by exit. */
  readonly validation: ReadonlyMap<number, readonly CurvePoint[]>
  /** The latest finished epochs, `mostEpochs` at most. */
  readonly epochs: readonly EpochFigures[]
  /** Where training stands: its last step. */
  readonly latest:
    | {
        readonly epoch: number
        readonly step: number
        readonly loss: number
        readonly imagesPerSecond: number
      }
    | undefined
  readonly result: Extract<TrainingNews, { type: 'trained' }> | undefined
  readonly failure: { readonly message: string; readonly hint: string | undefined } | undefined
}

export const noTraining: TrainingProgress = {
  stage: 'idle',
  began: undefined,
  training: new Map(),
  validation: new Map(),
  epochs: [],
  latest: undefined,
  result: undefined,
  failure: undefined,
}

/** Whether something is under way that can be stopped. */
export function isBusy({ stage }: TrainingProgress): boolean {
  return stage === 'images' || stage === 'backend' || stage === 'training' || stage === 'evaluating'
}

/** Takes in what the worker told, in order. */
export function withNews(before: TrainingProgress, news: readonly TrainingNews[]): TrainingProgress {
  return news.reduce(withOne, before)
}

function withOne(progress: TrainingProgress, news: TrainingNews): TrainingProgress {
  switch (news.type) {
    case 'opening':
      return { ...progress, stage: news.what }
    case 'began':
      return { ...progress, stage: 'training', began: news }
    case 'trained':
      return { ...progress, stage: 'trained', result: news }
    case 'stopped':
      return { ...progress, stage: 'stopped' }
    case 'failed':
      return { ...progress, stage: 'failed', failure: news }
    case 'event':
      return withEvent(progress, news)
  }
}

function withEvent(
  progress: TrainingProgress,
  { event, exits }: Extract<TrainingNews, { type: 'event' }>,
): TrainingProgress {
  const stepsPerEpoch = progress.began?.stepsPerEpoch ?? 1
  switch (event.type) {
    case 'step': {
      const { epoch, step, loss, imagesPerSecond } = event
      return {
        ...progress,
        training: appended(progress.training, exits, event.top1, epoch + step / stepsPerEpoch),
        latest: { epoch, step, loss, imagesPerSecond },
      }
    }
    case 'epoch': {
      const { epoch, loss, trainTop1, validationTop1 } = event
      const figures = {
        epoch,
        loss,
        train: byExit(exits, trainTop1),
        validation: byExit(exits, validationTop1),
      }
      return {
        ...progress,
        validation: appended(progress.validation, exits, validationTop1, epoch),
        epochs: [...progress.epochs, figures].slice(-mostEpochs),
      }
    }
    case 'evaluating':
      return { ...progress, stage: 'evaluating' }
  }
}

function byExit(exits: readonly number[], values: readonly number[]): Map<number, number> {
  return new Map(exits.flatMap((k, i) => (values[i] === undefined ? [] : [[k, values[i]] as const])))
}

function appended(
  curves: TrainingProgress['training'],
  exits: readonly number[],
  top1: readonly number[],
  epoch: number,
): TrainingProgress['training'] {
  const next = new Map(curves)
  for (const [k, value] of byExit(exits, top1)) {
    const points = next.get(k) ?? []
    const kept = points.length < mostPoints ? points : points.filter((_, i) => i % 2 === 0)
    next.set(k, [...kept, { epoch, top1: value }])
  }
  return next
}
