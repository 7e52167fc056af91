/** What a run tells while it works. Plain data, so that it crosses process borders. */
export type RunEvent =
  | {
      type: 'started'
      runId: string
      seed: number
      epochs: number
      stepsPerEpoch: number
      resumedAt?: { epoch: number; step: number }
    }
  | {
      type: 'step'
      epoch: number
      step: number
      loss: number
      /** Running training top-1 of the epoch, one per exit that is trained. */
      top1: number[]
      learningRate: number
      imagesPerSecond: number
      tensors: number
    }
  | {
      type: 'epoch'
      epoch: number
      /** Where the spec's regime has more than one: `backbone`, `heads`, `everything`. */
      phase?: string
      loss: number
      /** Of the exits that the phase trains, as below. */
      trainTop1: number[]
      validationTop1: number[]
      wallSeconds: number
    }
  /** A checkpoint is on disk, whole: training would go on from this epoch and step, both 0-based. */
  | { type: 'checkpoint'; epoch: number; step: number }
  | { type: 'evaluating'; split: 'validation' | 'test' }
  | { type: 'finished'; folder: string; top1: number[]; wallSeconds: number }
  | { type: 'warning'; message: string }

export type OnEvent = (event: RunEvent) => void
