import { expect, it } from 'vitest'
import { checkPacked } from './check-packed.ts'
import type { PackedRun } from './packed-run.ts'
import { defaultResultsFolder, listPacked, readPacked } from './results-folder.ts'

const [first, second] = listPacked(defaultResultsFolder())
  .filter(({ name }) => /^study-joint-[0-9a-f]{8}-seed[34]$/.test(name))
  .map((file) => readPacked(file)) as [PackedRun, PackedRun]

const startOf = async (run: PackedRun) => (await checkPacked(run)).find(({ name }) => name === 'start')

it('holds the start of a packed run to the run', async () => {
  expect(await startOf(first)).toMatchObject({ outcome: 'passed' })
  const other = { ...first, companions: second.companions }
  expect(await startOf(other)).toMatchObject({
    ...{ outcome: 'failed', detail: `it is the start of ${second.manifest.runId}, seed 4` },
  })
  const torn = { ...first, companions: new Map([['start', new TextEncoder().encode('{}')]] as const) }
  expect(await startOf(torn)).toMatchObject({ outcome: 'failed' })
})
