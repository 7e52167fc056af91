/** Prediction tables for the tests of this package. */

import fc from 'fast-check'
import type { ExitPredictions, PredictionTable } from '../predictions.ts'

export interface ExitRows {
  readonly confidence: readonly number[]
  readonly right: readonly boolean[]
  readonly entropy?: readonly number[]
  readonly predicted?: readonly number[]
}

function exitFrom({ confidence, right, entropy, predicted }: ExitRows): ExitPredictions {
  return {
    // The label is 0 everywhere; a wrong answer is class 1 unless told otherwise.
    predicted: Int32Array.from(predicted ?? right.map((hit) => (hit ? 0 : 1))),
    confidence: Float32Array.from(confidence),
    labelLogProbability: Float32Array.from(confidence, Math.log),
    labelRank: Int32Array.from(right, (hit) => (hit ? 0 : 1)),
    entropy: Float32Array.from(entropy ?? confidence.map((c) => 1 - c)),
  }
}

/** A table from each exit's rows; all labels are 0, of four classes. */
export function tableFrom(exits: readonly ExitRows[]): PredictionTable {
  const parts = exits.map(exitFrom)
  const [first] = parts
  if (first === undefined) throw new Error('a table needs an exit')
  return {
    labels: new Int32Array(first.predicted.length),
    classes: 4,
    exits: parts,
    ensemble: first,
  }
}

const rows = (images: number): fc.Arbitrary<ExitRows> => {
  const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: images, maxLength: images })
  return fc.record({
    // Twelfths: ties are frequent.
    confidence: list(fc.integer({ min: 3, max: 12 }).map((c) => c / 12)),
    right: list(fc.boolean()),
  })
}

/** Random tables of 1 to 5 exits and 1 to 40 images, with many ties, and their rising costs. */
export const policyCases = fc
  .record({ exits: fc.integer({ min: 1, max: 5 }), images: fc.integer({ min: 1, max: 40 }) })
  .chain(({ exits, images }) =>
    fc.record({
      table: fc.array(rows(images), { minLength: exits, maxLength: exits }).map(tableFrom),
      macs: fc
        .array(fc.integer({ min: 1, max: 1e6 }), { minLength: exits, maxLength: exits })
        .map((costs) => costs.sort((a, b) => a - b)),
    }),
  )
