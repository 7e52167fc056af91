import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset } from '@mate-bench/datasets'
import { expect, it } from 'vitest'
// Neither the registry nor what imports it: the registry's datasets are made small before anything describes them.
import { cub2002011 } from '../../packages/datasets/src/cub-200-2011.ts'
import { fgvcAircraft } from '../../packages/datasets/src/fgvc-aircraft.ts'
import {
  miniAircraft,
  miniCub,
  miniDogs,
  miniTinyImagenet,
} from '../../packages/datasets/src/fixtures/miniatures.ts'
import { stanfordDogs } from '../../packages/datasets/src/stanford-dogs.ts'
import { tinyImagenet } from '../../packages/datasets/src/tiny-imagenet.ts'
import type { Check } from '../../packages/harness/src/verify/check.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

it.each([
  ['tiny-imagenet', 32, tinyImagenet, miniTinyImagenet],
  ['cub-200-2011', 64, cub2002011, miniCub],
  ['stanford-dogs', 64, stanfordDogs, miniDogs],
  ['fgvc-aircraft', 64, fgvcAircraft, miniAircraft],
] as const)('%s goes from its archives to a run that verifies', async (name, size, full, make) => {
  const { dataset, archives } = await make()
  Object.assign(full, dataset)
  const { addDataset } = await import('@mate-bench/datasets')
  const { parseSpec, readManifest, runSpec } = await import('@mate-bench/harness')
  const { checkRun } = await import('../../packages/harness/src/verify/check-run.ts')
  const { createReport } = await import('../../packages/harness/src/verify/check.ts')
  const from = temporaryFolder()
  for (const [file, content] of archives) writeFileSync(join(from, file), content)
  const dataFolder = temporaryFolder()
  await addDataset(full as Dataset, { from, dataFolder })
  const spec = parseSpec({
    schemaVersion: 1,
    name,
    dataset: { name, size, validation: { size: 2 } },
    model: {
      backbone: { name: 'resnet', depth: 8, width: 2 },
      exits: [{ after: 'stage1' }, { after: 'stage3' }],
      head: { name: 'linear' },
    },
    method: { name: 'mate' },
    training: {
      epochs: 1,
      batchSize: 4,
      optimizer: { name: 'sgd', learningRate: 0.01 },
      schedule: { name: 'constant' },
      augmentation: [{ name: 'random-resized-crop' }, { name: 'horizontal-flip' }],
    },
    evaluation: { protocols: ['anytime', 'budgeted'] },
    seeds: [1],
  })
  const { folder } = await runSpec({ spec, seed: 1, out: temporaryFolder(), backend: 'wasm', dataFolder })
  const { manifest } = readManifest(folder)
  expect(manifest.track).toMatchObject({ dataset: name, preprocessing: { imageShape: [size, size, 3] } })
  const checks: Check[] = []
  const ignore = () => {}
  const report = createReport({ onBegin: ignore, onAlive: ignore, onCheck: (check) => checks.push(check) })
  await checkRun(folder, { dataFolder }, report)
  expect(checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'unchecked')).toEqual([])
  const names = checks.filter(({ outcome }) => outcome === 'passed').map((check) => check.name)
  expect(names).toEqual(
    expect.arrayContaining(['splits and data against the dataset', 'weights on the test images']),
  )
})
