import { digestIndices } from '@mate-bench/provenance'
import { predictionsFromLogits } from '@mate-bench/stats'
import { expect, it } from 'vitest'
import { encodePredictions } from '../predictions-file.ts'
import { syntheticRun, syntheticSpec } from '../testing/synthetic-run.ts'
import { type Check, createReport } from './check.ts'
import { findDataset } from './check-dataset.ts'
import { checkPredictions } from './check-predictions.ts'

const spec = syntheticSpec('tiny', {
  dataset: { name: 'fashion-mnist-mini', validation: { size: 0 } },
})

/** A run whose predictions are of any labels that are given. */
function runOn(labels: Int32Array) {
  const logits = spec.model.exits.map((_, k) =>
    Float32Array.from({ length: labels.length * 10 }, (__, i) => Math.sin(i + k)),
  )
  const indices = Uint32Array.from(labels, (_, i) => i)
  const { manifest } = syntheticRun({ spec, seed: 1, top1: [0.5, 0.6, 0.7] })
  const { track } = manifest
  const splits = {
    ...track.splits,
    validation: { ...track.splits.validation, count: 0 },
    test: { count: labels.length, digest: digestIndices(indices) },
  }
  const file = encodePredictions({ indices, table: predictionsFromLogits(logits, labels, 10) })
  return {
    spec,
    manifest: { ...manifest, track: { ...track, splits } },
    bytes: new Map([['predictions' as const, file]]),
  }
}

async function checksOf(run: ReturnType<typeof runOn>, found: Awaited<ReturnType<typeof findDataset>>) {
  const checks: Check[] = []
  const report = createReport({ onBegin() {}, onAlive() {}, onCheck: (check) => checks.push(check) })
  const { test } = await checkPredictions(run, found, report)
  return { test, labels: checks.find(({ name }) => name === 'test labels') }
}

it('compares labels with the dataset where it is at hand, and says where it is not', async () => {
  const found = await findDataset(spec, undefined)
  if (found.state === 'missing') throw new Error(found.why)
  const truth = Int32Array.from(found.dataset.testSet.labels)
  expect((await checksOf(runOn(truth), found)).labels).toMatchObject({ outcome: 'passed' })

  const changed = truth.slice()
  changed[17] = ((truth[17] ?? 0) + 1) % 10
  const refused = await checksOf(runOn(changed), found)
  expect(refused.test).toBeUndefined()
  expect(refused.labels).toMatchObject({
    outcome: 'failed',
    detail: `1 labels are not those of fashion-mnist-mini: image 17 is of class ${truth[17]}, not ${changed[17]}`,
  })

  const missing = { state: 'missing', why: 'The data are not here.' } as const
  expect((await checksOf(runOn(changed), missing)).labels).toEqual({
    name: 'test labels',
    ok: true,
    outcome: 'unchecked',
    detail: missing.why,
  })
})

it('says how to get data that are not at hand', async () => {
  const cifar = syntheticSpec('far', { dataset: { name: 'cifar10' } })
  expect(await findDataset(cifar, '/nowhere')).toMatchObject({
    state: 'missing',
    why: expect.stringContaining('mate-bench data fetch cifar10'),
  })
})
