import type { RunEvent } from '@mate-bench/harness'

export type RunState =
  | 'waiting'
  | 'starting'
  | 'training'
  | 'evaluating'
  | 'finished'
  | 'complete'
  | 'failed'
  | 'stopped'

/** What is known of one run while it works. */
export interface RunProgress {
  readonly label: string
  readonly state: RunState
  readonly epochs: number
  readonly stepsPerEpoch: number
  /** Finished epochs, and steps of the current one. */
  readonly epoch: number
  readonly step: number
  readonly loss: number | undefined
  /** Training top-1 of the epoch so far, one per exit; test top-1 once finished. */
  readonly top1: readonly number[]
  readonly imagesPerSecond: number | undefined
  /** When this process began to train, and the step it began at: what time left is reckoned from. */
  readonly since: { readonly milliseconds: number; readonly steps: number } | undefined
  readonly secondsLeft: number | undefined
}

/** How far a run is that has not begun. */
export function waitingRun(label: string): RunProgress {
  return {
    label,
    state: 'waiting',
    epochs: 0,
    stepsPerEpoch: 0,
    epoch: 0,
    step: 0,
    loss: undefined,
    top1: [],
    imagesPerSecond: undefined,
    since: undefined,
    secondsLeft: undefined,
  }
}

/**
 * What is known after an event.
 * @param now milliseconds on any steady clock
 */
export function afterEvent(run: RunProgress, event: RunEvent, now: number): RunProgress {
  switch (event.type) {
    case 'started': {
      const { epoch, step } = event.resumedAt ?? { epoch: 0, step: 0 }
      return {
        ...run,
        state: 'training',
        epochs: event.epochs,
        stepsPerEpoch: event.stepsPerEpoch,
        epoch,
        step,
        since: { milliseconds: now, steps: epoch * event.stepsPerEpoch + step },
      }
    }
    case 'step':
      return withTimeLeft(
        {
          ...run,
          state: 'training',
          epoch: event.epoch,
          step: event.step,
          loss: event.loss,
          top1: event.top1,
          imagesPerSecond: smoothed(run.imagesPerSecond, event.imagesPerSecond),
        },
        now,
      )
    case 'epoch':
      return withTimeLeft(
        { ...run, epoch: event.epoch, step: 0, loss: event.loss, top1: event.trainTop1 },
        now,
      )
    case 'evaluating':
      return { ...run, state: 'evaluating', secondsLeft: undefined }
    case 'finished':
      return { ...run, state: 'finished', top1: event.top1, secondsLeft: 0 }
    case 'checkpoint':
    case 'warning':
      return run
  }
}

/** A single step's rate jumps about: the last few count. */
function smoothed(before: number | undefined, value: number): number {
  return before === undefined ? value : 0.8 * before + 0.2 * value
}

function withTimeLeft(run: RunProgress, now: number): RunProgress {
  const done = run.epoch * run.stepsPerEpoch + run.step
  const { since } = run
  if (!since || done <= since.steps) return run
  const secondsPerStep = (now - since.milliseconds) / 1000 / (done - since.steps)
  return { ...run, secondsLeft: secondsPerStep * (run.epochs * run.stepsPerEpoch - done) }
}
