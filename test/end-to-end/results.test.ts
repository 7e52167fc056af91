import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSpec } from '@mate-bench/harness'
import { loadRuns } from '@mate-bench/harness/entries'
import {
  checkPacked,
  decodePackedRun,
  encodePackedRun,
  findPacked,
  listPacked,
  packRuns,
  readPacked,
} from '@mate-bench/results'
import { correctness } from '@mate-bench/stats'
import { databaseStatus, exitsOfRuns, findRun, packCorrect } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { evaluatePacked } from '../../apps/cli/src/results/evaluate-packed.ts'
import { loadResults } from '../../apps/cli/src/results/load-results.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

/** From run folders to packed runs, into a database, and from weights back to the whole run. */

const place = temporaryFolder()
const packedFolder = join(place, 'bench-results')
const folders: string[] = []
let store: TestStore

beforeAll(async () => {
  const out = join(place, 'runs')
  for (const seed of [1, 2]) {
    folders.push((await runSpec({ spec: tinySpec(), seed, out, backend: 'wasm' })).folder)
  }
  store = await openTestStore()
  vi.stubEnv('DATABASE_URL', store.url)
  vi.stubEnv('MATE_BENCH_ARTIFACTS', join(place, 'artifacts'))
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await store.close()
})

const pack = (to: string) => packRuns(folders, { to, weightsOf: (seed) => seed === 1 })
const states = (outcomes: readonly { readonly state: string }[]) => outcomes.map(({ state }) => state)

it('packs runs to the same bytes each time, and leaves alone what is packed', async () => {
  expect(states(await pack(packedFolder))).toEqual(['packed', 'packed'])
  const files = listPacked(packedFolder)
  expect(files.map(({ name }) => name)).toEqual(folders.map((folder) => folder.split('/').at(-1)))
  expect(states(await pack(packedFolder))).toEqual(['unchanged', 'unchanged'])
  const elsewhere = join(place, 'elsewhere')
  await pack(elsewhere)
  listPacked(elsewhere).forEach(({ path }, i) => {
    expect(readFileSync(path)).toEqual(readFileSync(files[i]?.path ?? ''))
  })
  // What is damaged is packed again.
  writeFileSync(files[1]?.path ?? '', 'no zip')
  expect(states(await pack(packedFolder))).toEqual(['unchanged', 'packed'])
})

it('says of a packed run what holds, and what is not there', async () => {
  const checks = await Promise.all(listPacked(packedFolder).map((file) => checkPacked(readPacked(file))))
  for (const own of checks) expect(own.filter(({ ok }) => !ok)).toEqual([])
  const missing = checks.map((own) => own.find(({ outcome }) => outcome === 'unchecked')?.detail)
  expect(missing).toEqual([
    'predictions, validation-predictions; `mate-bench evaluate` makes them from the weights',
    'predictions, validation-predictions, model; `mate-bench reproduce` trains them again',
  ])
})

it('refuses a packed run of which anything was changed', () => {
  const [file] = listPacked(packedFolder)
  if (!file) throw new RangeError('a packed run')
  const packed = readPacked(file)
  const { exits, ensemble } = packed.answers
  const boasting = exits.map((answers) => answers.map((answer, i) => (i < 20 ? -1 : answer)))
  const path = join(place, 'changed.zip')
  const read = (bytes: Uint8Array) => {
    writeFileSync(path, bytes)
    return () => readPacked({ path })
  }
  const refused = expect.objectContaining({ code: 'verification-failed' })
  expect(read(encodePackedRun({ ...packed, answers: { exits: boasting, ensemble } }))).toThrow(refused)
  const manifest = { ...packed.manifest, seed: 2 }
  expect(read(encodePackedRun({ ...packed, manifest }))).toThrow(refused)
  const files = new Map(packed.files).set('metrics', new TextEncoder().encode('{}\n'))
  expect(read(encodePackedRun({ ...packed, files }))).toThrow(refused)
  expect(() => decodePackedRun(Uint8Array.of(1, 2, 3), 'x.zip')).toThrow(
    expect.objectContaining({ code: 'bad-input' }),
  )
})

it('loads them as reported, with who was right where, and nothing twice', async () => {
  expect(await loadResults(store.db, packedFolder)).toEqual({ runs: 2, added: 2, entries: 1 })
  const before = await databaseStatus(store.db)
  expect(before.counts).toMatchObject({ entries: 1, runs: 2 })
  expect(await loadResults(store.db, packedFolder)).toEqual({ runs: 2, added: 0, entries: 1 })
  expect((await databaseStatus(store.db)).counts).toEqual(before.counts)
  for (const { manifest, predictions } of await loadRuns(folders)) {
    const run = await findRun(store.db, manifest.runId)
    expect(run).toMatchObject({ tier: 'reported', manifest: { manifestDigest: manifest.manifestDigest } })
    const exits = (await exitsOfRuns(store.db, [manifest.runId])).get(manifest.runId) ?? []
    const { table } = predictions
    expect(exits.map(({ correct }) => Buffer.from(correct).toString('hex'))).toEqual(
      [table.ensemble, ...table.exits].map((exit) =>
        Buffer.from(packCorrect(correctness(exit))).toString('hex'),
      ),
    )
  }
})

it('makes the whole run of its weights again, and the tier that this shows', async () => {
  const [name = ''] = folders.map((folder) => folder.split('/').at(-1) ?? '')
  const packed = findPacked(packedFolder, name)
  if (!packed) throw new RangeError('a packed run')
  expect(findPacked(packedFolder, packed.manifest.runId)?.manifest).toEqual(packed.manifest)
  const restore = join(place, 'restored')
  mkdirSync(restore)
  const options = { url: '', backend: undefined, dataFolder: undefined, restore, record: true }
  await evaluatePacked(packed, options)
  for (const file of readdirSync(folders[0] ?? '')) {
    expect(readFileSync(join(restore, name, file))).toEqual(readFileSync(join(folders[0] ?? '', file)))
  }
  expect((await findRun(store.db, packed.manifest.runId))?.tier).toBe('re-evaluated')

  const other = listPacked(packedFolder)
    .map(readPacked)
    .find((run) => !run.files.has('model'))
  if (!other) throw new RangeError('a packed run without weights')
  await expect(evaluatePacked(other, options)).rejects.toMatchObject({ code: 'data-missing' })
})
