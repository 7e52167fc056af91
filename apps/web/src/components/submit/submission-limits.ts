import type { CheckedSpec } from '../spec/check-spec.ts'

/** What one submission may ask for. */
export interface SubmissionLimits {
  /** Of all its runs, training and evaluation. */
  readonly macs: number
  /** Of one run, while it trains. */
  readonly bytes: number
}

export function isWithin(
  { totalMacs, trainingBytes }: Extract<CheckedSpec, { ok: true }>,
  limits: SubmissionLimits,
): boolean {
  return totalMacs <= limits.macs && trainingBytes <= limits.bytes
}
