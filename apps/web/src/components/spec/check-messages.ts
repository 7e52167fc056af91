import type { CheckedSpec } from './check-spec.ts'

/** A text to be checked; later ones have larger numbers. */
export interface CheckOrder {
  readonly id: number
  readonly text: string
}

export interface CheckNews {
  readonly id: number
  readonly checked: CheckedSpec
}
