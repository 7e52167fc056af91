/**
 * What a trained network said about every image of a split, reduced to what every later number needs.
 *
 * The reduction is done once, in float64, and stored in float32: metrics, policies, intervals and tests read
 * this table and nothing else, so anyone who holds the predictions file gets the same numbers.
 */

import { BenchError } from '@mate-bench/schema'

/** One classifier (an exit, or the ensemble) on N images; each array has N entries in dataset order. */
export interface ExitPredictions {
  /** Most probable class; of equal ones the lower index. */
  readonly predicted: Int32Array
  /** Largest softmax probability, in [1/C, 1]. */
  readonly confidence: Float32Array
  /** Natural logarithm of the label's probability, at most 0. */
  readonly labelLogProbability: Float32Array
  /** How many classes stand before the label: 0 is a top-1 hit. Of equal ones the lower index stands first. */
  readonly labelRank: Int32Array
  /** Entropy of the softmax in nats, in [0, ln C]. */
  readonly entropy: Float32Array
}

/** A split's labels and what each exit, shallowest first, and the ensemble made of it. */
export interface PredictionTable {
  readonly labels: Int32Array
  /** C, the number of classes. */
  readonly classes: number
  readonly exits: readonly ExitPredictions[]
  /** Mean of the exits' probabilities. */
  readonly ensemble: ExitPredictions
}

function emptyPredictions(count: number): ExitPredictions {
  return {
    predicted: new Int32Array(count),
    confidence: new Float32Array(count),
    labelLogProbability: new Float32Array(count),
    labelRank: new Int32Array(count),
    entropy: new Float32Array(count),
  }
}

/** Index of the largest value; of equal ones the lower index. */
function argmax(values: Float64Array): number {
  let best = 0
  for (let c = 1; c < values.length; c++) {
    if ((values[c] as number) > (values[best] as number)) best = c
  }
  return best
}

function rankOf(label: number, values: Float64Array): number {
  const own = values[label] as number
  let rank = 0
  for (let c = 0; c < values.length; c++) {
    const other = values[c] as number
    if (other > own || (other === own && c < label)) rank++
  }
  return rank
}

function refuse(message: string, path: string): never {
  throw new BenchError({ code: 'bad-input', message, path })
}

function checkLogits(logitsPerExit: readonly Float32Array[], labels: Int32Array, classes: number): void {
  if (logitsPerExit.length === 0) refuse('There is no exit to predict with.', 'logitsPerExit')
  if (!Number.isInteger(classes) || classes < 1)
    refuse(`The number of classes is ${classes}, not 1 or more.`, 'classes')
  labels.forEach((label, i) => {
    if (label < 0 || label >= classes)
      refuse(`Label ${label} is not one of the ${classes} classes.`, `labels[${i}]`)
  })
  logitsPerExit.forEach((logits, k) => {
    const expected = labels.length * classes
    if (logits.length !== expected)
      refuse(
        `Exit ${k + 1} has ${logits.length} logits, not ${labels.length} x ${classes} = ${expected}.`,
        `logitsPerExit[${k}]`,
      )
  })
}

/**
 * Turns logits into a prediction table.
 *
 * Softmax is computed stably in float64 (the largest logit is subtracted first) and rounded to float32 once.
 * Order between classes is decided on the logits themselves, so equal probabilities through rounding do not
 * reorder them. The ensemble is the mean of the exits' probabilities; its label log-probability is summed in
 * the log domain, so that it stays finite where every probability underflows.
 *
 * @param logitsPerExit K arrays of N x C logits, row by row, shallowest exit first
 * @param labels N class indices
 * @param classes C
 * @throws BenchError `bad-input` when the sizes or labels do not fit, `non-finite` on a NaN or infinite logit
 */
export function predictionsFromLogits(
  logitsPerExit: readonly Float32Array[],
  labels: Int32Array,
  classes: number,
): PredictionTable {
  checkLogits(logitsPerExit, labels, classes)
  const count = labels.length
  const exits = logitsPerExit.map(() => emptyPredictions(count))
  const ensemble = emptyPredictions(count)
  const row = new Float64Array(classes)
  const mean = new Float64Array(classes)
  const labelLogs = new Float64Array(exits.length)

  for (let i = 0; i < count; i++) {
    const label = labels[i] as number
    mean.fill(0)
    exits.forEach((exit, k) => {
      const logits = logitsPerExit[k] as Float32Array
      for (let c = 0; c < classes; c++) row[c] = logits[i * classes + c] as number
      const best = argmax(row)
      const top = row[best] as number
      let sum = 0
      let weighted = 0 // sum of e^(z - top) (z - top), for the entropy
      for (let c = 0; c < classes; c++) {
        const shifted = (row[c] as number) - top
        const power = Math.exp(shifted)
        sum += power
        if (power > 0) weighted += power * shifted
      }
      // An infinite or NaN logit shows in the sum, or (when it is -Infinity) in the row itself.
      if (!Number.isFinite(sum) || row.includes(-Infinity))
        throw new BenchError({
          code: 'non-finite',
          message: `Exit ${k + 1} gave a logit that is not a finite number.`,
          path: `logitsPerExit[${k}] image ${i}`,
        })
      const logSum = Math.log(sum)
      const labelLog = (row[label] as number) - top - logSum
      for (let c = 0; c < classes; c++) {
        mean[c] = (mean[c] as number) + Math.exp((row[c] as number) - top) / sum / exits.length
      }
      labelLogs[k] = labelLog
      exit.predicted[i] = best
      exit.confidence[i] = 1 / sum
      exit.labelLogProbability[i] = labelLog
      exit.labelRank[i] = rankOf(label, row)
      exit.entropy[i] = Math.max(0, logSum - weighted / sum)
    })

    const best = argmax(mean)
    let entropy = 0
    for (const p of mean) if (p > 0) entropy -= p * Math.log(p)
    let topLog = -Infinity
    for (const value of labelLogs) topLog = Math.max(topLog, value)
    let sum = 0
    for (const value of labelLogs) sum += Math.exp(value - topLog)
    ensemble.predicted[i] = best
    // A mean of probabilities may pass 1 by a rounding error.
    ensemble.confidence[i] = Math.min(1, mean[best] as number)
    ensemble.labelLogProbability[i] = Math.min(0, topLog + Math.log(sum / exits.length))
    ensemble.labelRank[i] = rankOf(label, mean)
    ensemble.entropy[i] = Math.max(0, entropy)
  }
  return { labels, classes, exits, ensemble }
}

/**
 * Checks that a table read from a file can be evaluated: at least one image and one exit, N entries everywhere, and
 * all of them finite.
 *
 * @throws BenchError `bad-input` naming the array that does not fit, `non-finite` naming the image without a number
 */
export function checkPredictionTable(table: PredictionTable): void {
  const count = table.labels.length
  if (count === 0) refuse('The prediction table has no images.', 'labels')
  if (table.exits.length === 0) refuse('The prediction table has no exits.', 'exits')
  const check = (predictions: ExitPredictions, path: string) => {
    for (const [name, values] of Object.entries(predictions)) {
      if (values.length !== count)
        refuse(`There are ${values.length} values for ${count} images.`, `${path}.${name}`)
      const missing = values.findIndex((value: number) => !Number.isFinite(value))
      if (missing >= 0)
        throw new BenchError({
          code: 'non-finite',
          message: `The value of image ${missing} is ${values[missing]}, not a finite number.`,
          path: `${path}.${name}[${missing}]`,
        })
    }
  }
  table.exits.forEach((exit, k) => {
    check(exit, `exits[${k}]`)
  })
  check(table.ensemble, 'ensemble')
}

/** 1 where the classifier's first choice is the label, else 0; the form that intervals and tests take. */
export function correctness(predictions: ExitPredictions): Uint8Array {
  return Uint8Array.from(predictions.labelRank, (rank) => (rank === 0 ? 1 : 0))
}
