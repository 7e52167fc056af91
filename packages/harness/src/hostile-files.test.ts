/**
 * Files that somebody changed: a bit turned, a piece cut out, put in or repeated, numbers made huge. Reading each ends, at
 * once, in what it holds or in an error that names it; never in a hang, a crash, or values of another shape.
 */
import { BenchError, decodeUtf8 } from '@mate-bench/schema'
import { createRandom, predictionsFromLogits, type Random } from '@mate-bench/stats'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodePredictions, encodePredictions } from './predictions-file.ts'
import { parseManifest } from './read-manifest.ts'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'
import { parseSpecText } from './spec.ts'
import { syntheticRun, syntheticSpec } from './testing/synthetic-run.ts'
import { readRows } from './verify/read-rows.ts'

const images = 20
const exits = 2
const classes = 3

function predictions(): Uint8Array {
  const logits = Array.from({ length: exits }, (_, k) =>
    Float32Array.from({ length: images * classes }, (__, i) => Math.sin(i * (k + 1)) * 4),
  )
  const labels = Int32Array.from({ length: images }, (_, i) => i % classes)
  const indices = Uint32Array.from({ length: images }, (_, i) => i)
  return encodePredictions({ indices, table: predictionsFromLogits(logits, labels, classes) })
}

/** One change of a kind that random numbers choose. */
function changed(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(bytes.length)
  const length = 1 + random.integer(Math.min(64, bytes.length - at))
  switch (random.integer(6)) {
    case 0: {
      const copy = bytes.slice()
      copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(8))
      return copy
    }
    case 1: {
      // As a variable-length integer of Parquet, or as the numbers of a header, this is as large as it gets.
      const copy = bytes.slice()
      copy.fill(0xff, at, at + Math.min(length, 8))
      return copy
    }
    case 2: {
      const copy = bytes.slice()
      for (let i = at; i < at + length; i++) copy[i] = random.integer(256)
      return copy
    }
    case 3:
      return bytes.slice(0, at)
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    default:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])
  }
}

/** Changes a file in so many ways, and reads each. Whatever is thrown is an error for users that says what is wrong. */
async function tryAll(
  original: Uint8Array,
  cases: number,
  read: (bytes: Uint8Array) => unknown,
): Promise<{ read: number; refused: number }> {
  const random = createRandom(1, 'hostile-files')
  const outcome = { read: 0, refused: 0 }
  await read(original)
  for (let i = 0; i < cases; i++) {
    const bytes = changed(original, random)
    try {
      await read(bytes)
      outcome.read++
    } catch (thrown) {
      if (!(thrown instanceof BenchError))
        throw new Error(`case ${i} is not refused by name`, { cause: thrown })
      expect(thrown.code).toMatch(/^bad-(input|spec)$/)
      outcome.refused++
    }
  }
  expect(outcome.read + outcome.refused).toBe(cases)
  return outcome
}

describe('hostile files', () => {
  it('predictions.parquet', async () => {
    const { refused } = await tryAll(predictions(), 3500, async (bytes) => {
      const { indices, table } = await decodePredictions(bytes, 'x.parquet')
      const columns = [...table.exits, table.ensemble].flatMap((exit) => Object.values(exit))
      for (const { length } of [table.labels, ...columns]) expect(length).toBe(indices.length)
    })
    // What is left are values and statistics, which digests and the columns' own rules are for.
    expect(refused).toBeGreaterThan(2000)
  })

  it('model.safetensors', async () => {
    const tensors = new Map(
      ['conv.weight', 'norm.gamma', 'head.bias'].map((name, i) => {
        const data = Float32Array.from({ length: 6 * (i + 1) }, (_, j) => Math.sin(j))
        return [name, { shape: [i + 1, 2, 3], data }] as const
      }),
    )
    const file = encodeSafetensors({ tensors, metadata: { spec: 'tiny' } })
    const { refused } = await tryAll(file, 4000, (bytes) => {
      const read = decodeSafetensors(bytes, 'x.safetensors')
      for (const { shape, data } of read.tensors.values()) {
        expect(data.length).toBe(shape.reduce((product, extent) => product * extent, 1))
      }
    })
    expect(refused).toBeGreaterThan(2000)
  })

  const { manifest, epochs } = syntheticRun({ spec: syntheticSpec('tiny'), seed: 1, top1: [0.5, 0.6, 0.7] })
  const documents: [string, unknown, (text: string) => unknown][] = [
    ['manifest.json', manifest, (text) => parseManifest(text, 'manifest.json')],
    ['spec.json', manifest.spec, (text) => parseSpecText(text, 'spec.json')],
  ]
  it.each(documents)('%s', async (file, document, parse) => {
    const { refused } = await tryAll(Buffer.from(JSON.stringify(document)), 1500, (bytes) =>
      parse(decodeUtf8(bytes, file)),
    )
    expect(refused).toBeGreaterThan(750)
  })

  it('metrics.jsonl', async () => {
    const lines = epochs.map((row) => `${JSON.stringify(row)}\n`).join('')
    const row = z.strictObject({
      epoch: z.int(),
      loss: z.number(),
      train: z.array(z.unknown()),
      validation: z.array(z.unknown()),
    })
    const { refused } = await tryAll(Buffer.from(lines), 1500, (bytes) =>
      readRows(bytes, 'metrics.jsonl', row),
    )
    expect(refused).toBeGreaterThan(750)
  })
})
