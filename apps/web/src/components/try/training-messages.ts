import type { RunEvent } from '@mate-bench/harness'
import type { BackendChoice, ChosenBackend } from './choose-backend.ts'

/** What the page of `/try/train` asks its worker for. */
export type TrainingOrder =
  | { readonly type: 'train'; readonly text: string; readonly backend: BackendChoice }
  /** After the step that is being computed. */
  | { readonly type: 'stop' }

/** What the worker tells. */
export type TrainingNews =
  | { readonly type: 'opening'; readonly what: 'images' | 'backend' }
  | {
      readonly type: 'began'
      readonly backend: ChosenBackend
      readonly epochs: number
      readonly stepsPerEpoch: number
      readonly exits: number
      readonly seed: number
    }
  | {
      readonly type: 'event'
      readonly event: Extract<RunEvent, { type: 'step' | 'epoch' | 'evaluating' }>
      /** Numbers of the exits that its accuracies are of. */
      readonly exits: readonly number[]
    }
  | {
      readonly type: 'trained'
      readonly testTop1: readonly number[]
      readonly judgedEpoch: number
      readonly wallSeconds: number
    }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly message: string; readonly hint: string | undefined }
