/** Where in the run a step is. */
export interface Progress {
  /** 0-based step over the whole run. */
  readonly step: number
  readonly stepsPerEpoch: number
  readonly epochs: number
}

/**
 * Linear warm-up: the factor grows from one step's share to 1 over `warmupEpochs`.
 * Goyal et al., "Accurate, Large Minibatch SGD", 2017, section 2.2 (gradual warm-up, from almost zero).
 */
export function warmupFactor(warmupEpochs: number, { step, stepsPerEpoch }: Progress): number {
  const warmupSteps = warmupEpochs * stepsPerEpoch
  return warmupSteps > 0 ? Math.min(1, (step + 1) / warmupSteps) : 1
}
