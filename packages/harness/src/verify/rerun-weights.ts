import { createBatchPreparer, type OpenDataset } from '@mate-bench/datasets'
import type { Model } from '@mate-bench/nn'
import type { ExitPredictions } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import type { PredictionsFile } from '../predictions-file.ts'
import { readTogether } from '../read-together.ts'

/**
 * How far logits may lie from those of the run, as a share of the largest of their row: two machines sum in another
 * order, and a GPU multiplies with ten bits of mantissa (TF32) unless told not to. Far above what either does.
 */
const logitTolerance = (backend: string) => (backend === 'tensorflow-gpu' ? 0.03 : 0.001)

const batchSize = 32

export interface RerunOptions {
  /** With the weights that are judged. */
  readonly model: Model
  readonly dataset: OpenDataset
  readonly split: 'test' | 'validation'
  readonly file: PredictionsFile
  /** Rows of the file to run, ascending. */
  readonly rows: readonly number[]
  /** Where the run says it trained: how far its logits may be off. */
  readonly backend: string
  readonly onBatch: () => void
}

/** How far the weights' own predictions are from those of the file. */
export interface RerunSummary {
  readonly images: number
  /** Of every exit and the ensemble: images x classifiers. */
  readonly predictions: number
  /** Predictions whose class is another than the weights' largest, tied within the tolerance or not. */
  readonly otherClasses: number
  /** Largest difference of a stated log-probability, of the class or of the label, in nats. */
  readonly largestDifference: number
  /** How far logits may be off, as a share of the largest of their row. */
  readonly tolerance: number
}

/**
 * Runs images through the network and compares every exit and the ensemble with what the file says of them. A class may
 * be another where two are as good as tied, and a rank may differ by the classes that are.
 *
 * @returns a sentence for each classifier and image that differs by more than the tolerance, and how far all are off
 */
export async function rerunDifferences(
  options: RerunOptions,
): Promise<{ problems: string[]; summary: RerunSummary }> {
  const { model, dataset, split, file, rows } = options
  const { exits, ensemble } = file.table
  const tolerance = logitTolerance(options.backend)
  const classes = dataset.classes.length
  const set = split === 'test' ? dataset.testSet : dataset.trainSet
  const prepare = createBatchPreparer({ ...dataset, set })
  const problems: string[] = []
  let [otherClasses, largestDifference] = [0, 0]
  for (let start = 0; start < rows.length; start += batchSize) {
    const some = rows.slice(start, start + batchSize)
    const batch = prepare(
      Uint32Array.from(some, (row) => file.indices[row] as number),
      0,
    )
    const outputs = tf.tidy(() => {
      const images = tf.tensor4d(batch.images, [batch.size, ...model.network.inputShape]) // [B, H, W, C]
      return model.forward(images, { training: false }).map((output) => output.logits) // K x [B, C]
    })
    const { logits } = await readTogether({ logits: outputs }).finally(() => tf.dispose(outputs)) // K x [B * C]
    some.forEach((row, i) => {
      const label = batch.labels[i] as number
      const own = logits.map((values) => logSoftmax(values.subarray(i * classes, (i + 1) * classes)))
      const allowed = Math.max(...own.map(({ scale }) => scale)) * tolerance
      const logs = own.map(({ logProbabilities }) => logProbabilities) // K x [C]
      const classifiers = [
        ...exits.map((predictions, k) => ({ name: `exit ${k + 1}`, predictions, logs: logs[k] ?? [] })),
        { name: 'the ensemble', predictions: ensemble, logs: meanOf(logs) },
      ]
      for (const { name, predictions, logs: found } of classifiers) {
        const problem = difference(predictions, row, { logs: found, label, allowed })
        if (found[predictions.predicted[row] as number] !== Math.max(...found)) otherClasses++
        largestDifference = Math.max(largestDifference, distance(predictions, row, found, label))
        if (problem !== undefined) problems.push(`image ${file.indices[row]}, ${name}: ${problem}`)
      }
    })
    options.onBatch()
  }
  const predictions = rows.length * (exits.length + 1)
  return {
    problems,
    summary: { images: rows.length, predictions, otherClasses, largestDifference, tolerance },
  }
}

/** How far the two log-probabilities that the file states of an image are off, the larger of both. */
function distance(
  { confidence, labelLogProbability }: ExitPredictions,
  row: number,
  logs: readonly number[],
  label: number,
): number {
  const ofTop = Math.abs(Math.log(confidence[row] as number) - Math.max(...logs))
  const ofLabel = Math.abs((labelLogProbability[row] as number) - (logs[label] as number))
  return Math.max(ofTop, ofLabel)
}

interface Found {
  /** [C] */
  readonly logs: readonly number[]
  readonly label: number
  /** By how much a log-probability may be off: as a logit, since what normalises it moves by no more. */
  readonly allowed: number
}

/** Twice, since a difference of two logits, or a logit and the logarithm of the sum, moves by as much. */
const sides = 2

function difference(
  predictions: ExitPredictions,
  row: number,
  { logs, label, allowed }: Found,
): string | undefined {
  const margin = sides * allowed
  const top = Math.max(...logs)
  const predicted = predictions.predicted[row] as number
  const ofClass = logs[predicted] ?? -Infinity
  if (!(ofClass >= top - margin)) {
    return `it says class ${predicted}, the weights say ${logs.indexOf(top)}`
  }
  const confidence = predictions.confidence[row] as number
  if (!(Math.abs(Math.log(confidence) - top) <= margin)) {
    return `it says confidence ${confidence}, the weights give ${Math.exp(top)}`
  }
  const ofLabel = logs[label] as number
  const logProbability = predictions.labelLogProbability[row] as number
  if (!(Math.abs(logProbability - ofLabel) <= margin)) {
    return `it says the label's log-probability ${logProbability}, the weights give ${ofLabel}`
  }
  const rank = predictions.labelRank[row] as number
  const others = logs.filter((_, c) => c !== label)
  const [least, most] = [ofLabel + margin, ofLabel - margin].map(
    (bound) => others.filter((log) => log > bound).length,
  )
  if (rank < (least ?? 0) || rank > (most ?? 0)) {
    return `it says that ${rank} classes stand before the label, the weights ${least}`
  }
  const entropy = logs.reduce((sum, log) => sum - Math.exp(log) * log, 0)
  const stated = predictions.entropy[row] as number
  // Each log-probability and the weight it has in the sum move by at most the margin.
  const room =
    margin * (1 + logs.reduce((sum, log) => sum + Math.exp(log) * Math.abs(log + entropy), 0)) + 1e-4
  if (!(Math.abs(stated - entropy) <= room)) {
    return `it says entropy ${stated}, the weights give ${entropy}`
  }
  return undefined
}

/** Log-probabilities, and the largest logit without its sign. */
function logSoftmax(logits: Float32Array | Int32Array | Uint8Array): {
  logProbabilities: number[]
  scale: number
} {
  const values = Array.from(logits)
  const top = Math.max(...values)
  const logSum = top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0))
  return {
    logProbabilities: values.map((value) => value - logSum),
    scale: Math.max(1, ...values.map(Math.abs)),
  }
}

/** Logarithm of the exits' mean probability of each class. */
function meanOf(logs: readonly (readonly number[])[]): number[] {
  const [first = []] = logs
  return first.map((_, c) => {
    const own = logs.map((exit) => exit[c] as number)
    const top = Math.max(...own)
    return top + Math.log(own.reduce((sum, log) => sum + Math.exp(log - top), 0) / own.length)
  })
}
