import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runSpec } from '@mate-bench/harness'
import { evaluateWeights } from '@mate-bench/harness/evaluate-weights'
import { beforeAll, expect, it } from 'vitest'
import { agrees, evaluationText } from '../../apps/cli/src/evaluate/evaluate-run.ts'
import { createPainter } from '../../apps/cli/src/format/paint.ts'
import { forgeRun } from '../support/forge-run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const plain = createPainter({ isTTY: false })
let honest: string

beforeAll(async () => {
  honest = (await runSpec({ spec: tinySpec(), seed: 1, out: temporaryFolder(), backend: 'wasm' })).folder
})

it('gives the bytes of a run again from its weights, also where its predictions are not here', async () => {
  const alone = join(temporaryFolder(), 'run')
  cpSync(honest, alone, { recursive: true })
  for (const file of ['predictions.parquet', 'validation-predictions.parquet']) rmSync(join(alone, file))
  for (const folder of [honest, alone]) {
    const evaluated = await evaluateWeights(folder)
    expect(evaluated.splits).toMatchObject([
      { split: 'test', images: 1000, sameBytes: true, problems: [] },
      { split: 'validation', images: 20, sameBytes: true },
    ])
    expect(agrees(evaluated)).toBe(true)
    expect(evaluationText(evaluated, plain)).toMatch(/numbers: all equal\n✓ The weights give the run/)
  }
})

it('says how far another backend is off', async () => {
  const evaluated = await evaluateWeights(honest, { backend: 'cpu' })
  expect(agrees(evaluated)).toBe(true)
  const [test] = evaluated.splits
  expect(test?.problems).toEqual([])
  if (!test?.sameBytes) expect(test?.rerun?.largestDifference).toBeLessThan(1e-3)
})

it('refuses weights of another network, whether or not predictions are here', async () => {
  const forged = await forgeRun(honest, ({ tensors }) => {
    for (const [name, { shape, data }] of tensors) {
      tensors.set(name, { shape, data: new Float32Array(data.length) })
    }
  })
  const evaluated = await evaluateWeights(forged)
  expect(agrees(evaluated)).toBe(false)
  expect(evaluationText(evaluated, plain)).toMatch(
    /it says .*\n(.*\n)*.*and \d+ more\n(.*\n)*✗ The weights do not/,
  )
  rmSync(join(forged, 'predictions.parquet'))
  const alone = await evaluateWeights(forged)
  expect(agrees(alone)).toBe(false)
  expect(evaluationText(alone, plain)).toMatch(/published 0\.\d+, here/)
})

it('refuses numbers that the predictions do not give, though weights and predictions are the run’s own', async () => {
  const boasting = await forgeRun(
    honest,
    ({ manifest }) => {
      for (const exit of manifest.results.exits) exit.nll /= 2
    },
    { keepResults: true },
  )
  const evaluated = await evaluateWeights(boasting)
  expect(evaluated.splits.every(({ sameBytes }) => sameBytes)).toBe(true)
  expect(agrees(evaluated)).toBe(false)
  expect(evaluationText(evaluated, plain)).toMatch(/ differ\n(.* nll: published .*\n)+✗ /)
  expect(agrees(await evaluateWeights(boasting, { backend: 'cpu' }))).toBe(false)

  const cheap = await forgeRun(
    honest,
    ({ manifest }) => {
      for (const exit of manifest.model.exits) exit.sequentialMacs /= 2
    },
    { keepResults: true },
  )
  expect(agrees(await evaluateWeights(cheap))).toBe(false)
})

it('refuses predictions in which one image stands for another', async () => {
  const forged = await forgeRun(honest, ({ test }) => {
    const { labels, exits, ensemble } = test.table
    const right = exits.at(-1)?.labelRank.indexOf(0) ?? 0
    const wrong = exits.at(-1)?.labelRank.findIndex((rank) => rank > 0) ?? 0
    const columns = [test.indices, labels, ...[...exits, ensemble].flatMap((own) => Object.values(own))]
    for (const column of columns) column[wrong] = column[right] ?? 0
  })
  const evaluated = await evaluateWeights(forged)
  expect(evaluated.splits[0]?.problems).toEqual([expect.stringContaining('not the images of the split')])
  expect(agrees(evaluated)).toBe(false)
})
