/** What catalogues of data read, held to those formats' own validators. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { listRuns, openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { GET as getFile } from '../../apps/web/src/app/runs/[id]/files/[file]/route.ts'
import { GET as getCrate } from '../../apps/web/src/app/runs/[id]/files/ro-crate-metadata.json/route.ts'
import { GET as getCroissant } from '../../apps/web/src/app/tracks/[key]/croissant.json/route.ts'
import { getStore } from '../../apps/web/src/data/store.ts'
import { getTracks, trackKey } from '../../apps/web/src/data/tracks.ts'
import { boardFile } from '../../apps/web/src/export/board-file.ts'
import { publishSynthetic } from '../../apps/web/src/testing/publish-synthetic.ts'
import { hasPython, runPython } from '../support/python.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const modules = ['mlcroissant', 'rocrate_validator', 'rocrate']
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
  vi.stubEnv('DATABASE_URL', store.url)
  vi.stubEnv('MATE_BENCH_ARTIFACTS', join(folder, 'artifacts'))
  vi.stubEnv('MATE_BENCH_URL', 'https://bench.example')
  const artifacts = await openArtifacts(join(folder, 'artifacts'), {})
  vi.stubEnv('MATE_BENCH_LICENCE', 'https://creativecommons.org/licenses/by/4.0/')
  for (const [method, seed] of [
    ['joint', 1],
    ['joint', 2],
    ['byot', 1],
  ] as const) {
    const spec = syntheticSpec(method, { method: { name: method } })
    await publishSynthetic(store.db, artifacts, { spec, seed, top1: [0.4, 0.5, 0.6] })
  }
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await (await getStore()).close()
  await store.close()
})

const at = 'https://bench.example/'
const lines = (texts: readonly string[]) => texts.map((text) => JSON.parse(text))

describe.skipIf(!hasPython(modules))('the documents of a track and a run', () => {
  it('a Croissant document gives the rows of the table', async () => {
    const [track] = await getTracks()
    const key = track ? trackKey(track) : ''
    const paths = [join(folder, 'croissant.json'), join(folder, 'board.csv')] as const
    const answer = await getCroissant(new Request(at), { params: Promise.resolve({ key }) })
    writeFileSync(paths[0], await answer.text())
    writeFileSync(paths[1], await (await boardFile(new Request(`${at}board.csv`), 'csv')).text())
    const { rows } = await (await boardFile(new Request(`${at}board.json`), 'json')).json()

    const found = lines(runPython('check_croissant.py', paths))
    expect(found.filter((line) => line.record === undefined)).toEqual([])
    const records = found.flatMap(({ record }) => record ?? [])
    expect(rows).toHaveLength(8)
    expect(records).toEqual(
      rows.map((row: object) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [`exits/${name}`, value])),
      ),
    )
  })

  it('a run with its files is a Process Run Crate', async () => {
    const [run] = (await listRuns(store.db)).rows
    const id = run?.id ?? ''
    const crate = join(folder, 'crate')
    mkdirSync(crate)
    for (const file of ['manifest.json', 'predictions.parquet']) {
      const answer = await getFile(new Request(at), { params: Promise.resolve({ id, file }) })
      writeFileSync(join(crate, file), new Uint8Array(await answer.arrayBuffer()))
    }
    const answer = await getCrate(new Request(at), { params: Promise.resolve({ id }) })
    writeFileSync(join(crate, 'ro-crate-metadata.json'), await answer.text())

    const found = lines(runPython('check_crate.py', [crate, 'process-run-crate-0.5']))
    expect(found.filter(({ severity }) => severity === 'REQUIRED')).toEqual([])
    // Of what is recommended one thing is missing: who ran a training is not known of every run.
    expect(found.flatMap(({ check }) => check ?? [])).toEqual(['process-run-crate-0.5_8.6'])
    expect(found.at(-1).checks).toBeGreaterThan(50)
  })
})
