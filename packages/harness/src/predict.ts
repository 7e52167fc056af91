import type { Batch } from '@mate-bench/datasets/in-memory'
import type { MethodInstance } from '@mate-bench/methods'
import type { Model } from '@mate-bench/nn'
import { predictionsFromLogits } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import type { PredictionsFile } from './predictions-file.ts'
import { readTogether } from './read-together.ts'

export interface SplitPredictions extends PredictionsFile {
  /** Attention rows averaged over the split's images, [K][K]; where the method attends over exits. */
  readonly attention: number[][] | undefined
}

export interface PredictOptions {
  readonly model: Model
  /** Positions of the images, in the order in which their batches come. */
  readonly indices: Uint32Array
  readonly batches: Iterable<Batch>
  readonly classes: number
  /** Given where the method's attention is wanted too. */
  readonly method?: MethodInstance
}

/** Runs batches through the network with running statistics and records every exit's predictions. */
export async function predict(options: PredictOptions): Promise<SplitPredictions> {
  const { model, indices, batches, classes, method } = options
  const exits = model.network.exits.length
  const logits = Array.from({ length: exits }, () => new Float32Array(indices.length * classes)) // K x [N * C]
  const labels = new Int32Array(indices.length)
  const attention = new Float64Array(exits * exits)
  let done = 0
  for (const batch of batches) {
    labels.set(batch.labels.subarray(0, batch.size), done)
    const computed = tf.tidy(() => {
      const images = tf.tensor4d(batch.images, [batch.size, ...model.network.inputShape]) // [B, H, W, C]
      const outputs = model.forward(images, { training: false })
      const rows = method?.attention?.(outputs) // [K, K]
      return { logits: outputs.map((output) => output.logits), attention: rows ? [rows] : [] }
    })
    try {
      const read = await readTogether(computed)
      read.logits.forEach((values, k) => {
        logits[k]?.set(values, done * classes)
      })
      read.attention[0]?.forEach((weight, i) => {
        attention[i] = (attention[i] ?? 0) + weight * batch.size
      })
    } finally {
      tf.dispose(computed)
    }
    done += batch.size
  }
  return {
    indices,
    table: predictionsFromLogits(logits, labels, classes),
    attention: method?.attention ? toRows(attention, exits, done) : undefined,
  }
}

function toRows(sums: Float64Array, exits: number, images: number): number[][] {
  return Array.from({ length: exits }, (_, i) =>
    Array.from(sums.subarray(i * exits, (i + 1) * exits), (sum) => sum / images),
  )
}
