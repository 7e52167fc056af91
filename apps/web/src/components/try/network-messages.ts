import type { ExitAnswer } from '@mate-bench/harness/published-network'
import type { BackendChoice, ChosenBackend } from './choose-backend.ts'

/** The network that a page tries: a published run's. */
export interface TriedRun {
  readonly runId: string
  /** The spec as the manifest has it. */
  readonly spec: unknown
  /** Hex digest of the weights, by the manifest. */
  readonly weightsSha256: string
  /** Whether test images of its dataset may be shown. */
  readonly hasSamples: boolean
  /** Whether its published predictions are here, to stand beside. */
  readonly hasPredictions: boolean
}

/** What the page of `/try/ENTRY` asks its worker for. */
export type NetworkOrder =
  | { readonly type: 'open'; readonly run: TriedRun; readonly backend: BackendChoice }
  /** @property bytes the image as its dataset would hold it, [H * W * C] */
  | { readonly type: 'answer'; readonly id: number; readonly bytes: Uint8Array }

/** Test images, and what the run published of each. */
export interface Samples {
  readonly images: Uint8Array // [N, H, W, C]
  readonly labels: readonly number[]
  /** By exit, shallowest first: class and confidence of each image. Empty where the predictions are not here. */
  readonly published: readonly {
    readonly predicted: readonly number[]
    readonly confidence: readonly number[]
  }[]
}

/** What the worker tells. */
export type NetworkNews =
  | { readonly type: 'opened'; readonly backend: ChosenBackend }
  | { readonly type: 'samples'; readonly samples: Samples }
  | { readonly type: 'exit'; readonly id: number; readonly answer: ExitAnswer }
  /** @property what failed: the network, without which there is nothing to try, or the test images */
  | {
      readonly type: 'failed'
      readonly what: 'network' | 'samples'
      readonly message: string
      readonly hint: string | undefined
    }
