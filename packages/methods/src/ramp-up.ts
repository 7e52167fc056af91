/**
 * Gaussian ramp-up of a loss weight: exp(-5 (1 - min(e, R) / R)^2), from 0.0067 at epoch 0 to 1 at R.
 * Laine and Aila, "Temporal Ensembling for Semi-Supervised Learning", ICLR 2017; OKDDip uses it with
 * R = 80 of 300 epochs.
 *
 * @param epoch epochs done so far; may be fractional
 * @param rampUpEpochs R; 0 means no ramp (the weight is 1 from the first step)
 * @returns weight in (0, 1]
 */
export function rampUp(epoch: number, rampUpEpochs: number): number {
  if (rampUpEpochs === 0) return 1
  const left = 1 - Math.min(Math.max(epoch, 0), rampUpEpochs) / rampUpEpochs
  return Math.exp(-5 * left * left)
}

/** OKDDip ramps up over 80 of its 300 epochs: the same share of a run of any length. */
export function defaultRampUpEpochs(epochs: number): number {
  return (80 / 300) * epochs
}
