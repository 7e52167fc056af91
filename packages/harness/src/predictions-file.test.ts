import { predictionsFromLogits } from '@mate-bench/stats'
import fc from 'fast-check'
import * as parquet from 'parquet-wasm'
import { describe, expect, it } from 'vitest'
import { decodePredictions, encodePredictions } from './predictions-file.ts'

function sample(images: number, exits: number, classes: number) {
  const labels = Int32Array.from({ length: images }, (_, i) => (i * 7) % classes)
  const logits = Array.from({ length: exits }, (_, k) =>
    Float32Array.from({ length: images * classes }, (__, i) => Math.sin(i * (k + 1)) * 4),
  )
  const indices = Uint32Array.from({ length: images }, (_, i) => i * 3)
  return { indices, table: predictionsFromLogits(logits, labels, classes) }
}

describe('predictions.parquet', () => {
  it('reads back exactly what was written, for any shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 9 }),
        async (images, exits, classes) => {
          const written = sample(images, exits, classes)
          expect(await decodePredictions(encodePredictions(written), 'test')).toEqual(written)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('is read by another implementation of Parquet, with the documented columns', () => {
    const file = encodePredictions(sample(10, 2, 5))
    const schema = parquet.readSchema(file).intoIPCStream()
    const text = new TextDecoder('latin1').decode(schema)
    for (const name of [
      'index',
      'label',
      'class_1',
      'confidence_2',
      'label_log_probability_ensemble',
      'entropy_1',
    ]) {
      expect(text).toContain(name)
    }
    const table = parquet.readParquet(file)
    expect(table.recordBatches().reduce((rows, batch) => rows + batch.numRows, 0)).toBe(10)
  })

  it('gives equal bytes for equal predictions', () => {
    expect(encodePredictions(sample(30, 3, 4))).toEqual(encodePredictions(sample(30, 3, 4)))
  })

  it('refuses bytes that are no such file', async () => {
    await expect(decodePredictions(new Uint8Array(40), 'x.parquet')).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})
