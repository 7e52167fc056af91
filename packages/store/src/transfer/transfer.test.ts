import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BenchError } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256Of } from '../artifacts/digest.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { keepApart } from '../publish/keep-apart.ts'
import { publishRun } from '../publish/publish-run.ts'
import { trackRow } from '../publish/run-rows.ts'
import { databaseStatus } from '../queries/database-status.ts'
import { seedReferences } from '../references/seed-references.ts'
import { runs, tracks } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { untilLockWaits } from '../testing/until-lock-waits.ts'
import type { ExportIndex } from './export-index.ts'
import { exportStore } from './export-store.ts'
import { importStore } from './import-store.ts'
import { type PublicTableName, publicTableNames } from './tables.ts'

const references = fileURLToPath(new URL('../../../../bench-specs/references', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'transfer-'))
const exported = join(folder, 'exported')
const artifactStore = openFolderArtifacts(join(folder, 'artifacts'))
const publishedAt = new Date('2026-02-03T04:05:06.789Z')
/** As the command line has it from the harness, which reads the files. */
const check = async () => 'recomputed' as const
let source: TestStore
/** Into which nothing is ever read. */
let empty: TestStore

beforeAll(async () => {
  source = await openTestStore()
  empty = await openTestStore()
  for (const method of ['joint', 'mate']) {
    for (const seed of [1, 2]) {
      const run = syntheticRun({ name: `a-${method}`, method, seed, images: 33 })
      await publishRun(source.db, artifactStore, run, { tier: 'recomputed', publishedAt })
    }
  }
  await seedReferences(source.db, references)
  await exportStore(source.db, exported, { artifactStore })
})
afterAll(async () => {
  await source.close()
  await empty.close()
  rmSync(folder, { recursive: true })
})

/** Every file below a folder with its bytes. */
function bytesOf(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const pairs = files.map(({ parentPath, name }) => {
    const path = join(parentPath, name)
    return [path.slice(root.length), readFileSync(path, 'base64')] as const
  })
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe.each(testDrivers)('an export read into an empty database through %s', (driver) => {
  it('gives the same export again, byte for byte', async () => {
    const target = await openTestStore(driver)
    const place = openFolderArtifacts(join(folder, `artifacts-${driver}`))
    const { artifacts } = await importStore(target.db, exported, { artifactStore: place, check })
    expect(artifacts).toBe(8)
    await exportStore(target.db, join(folder, `again-${driver}`), { artifactStore: place })
    const again = bytesOf(join(folder, `again-${driver}`))
    expect(Object.keys(again)).toHaveLength(1 + 11 * 3 + 8)
    expect(again).toEqual(bytesOf(exported))
    await target.close()
  })
})

describe('exportStore', () => {
  it('says the same in JSON, CSV and Parquet', async () => {
    const read = (name: string) => readFileSync(join(exported, 'tables', name))
    const rows: { manifest: unknown; id: string; publishedAt: string; seed: number }[] = JSON.parse(
      read('runs.json').toString(),
    )
    expect(rows).toHaveLength(4)
    const parquet = await parquetReadObjects({ file: new Uint8Array(read('runs.parquet')).buffer })
    expect(
      parquet.map(({ id, seed, manifest, publishedAt: at }) => [id, Number(seed), JSON.parse(manifest), at]),
    ).toEqual(rows.map(({ id, seed, manifest, publishedAt: at }) => [id, seed, manifest, new Date(at)]))
    // Whole numbers are integers there, to the last digit.
    const exits = await parquetReadObjects({ file: new Uint8Array(read('exitResults.parquet')).buffer })
    expect(exits[1]?.sequentialMacs).toBe(9_007_199_254_740_881n)
    expect(parquet[0]?.parameters).toBe(9_007_199_254_740_991n)
    expect(typeof parquet[0]?.wallSeconds).toBe('number')
    const lines = read('exitResults.csv').toString().split('\r\n')
    // A head, four runs of three exits and an ensemble, and the end of the last line.
    expect(lines).toHaveLength(1 + 4 * 4 + 1)
    expect(lines[0]).toMatch(/^runId,k,after,isolatedMacs,sequentialMacs,/)
    expect(lines[2]).toContain('9007199254740881')
  })

  it('is not mixed into what is there', async () => {
    await expect(exportStore(source.db, exported)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('holds no token and nothing of the queue', () => {
    const names = new Set(readdirSync(join(exported, 'tables')).map((name) => name.split('.')[0]))
    expect([...names].sort()).toEqual([
      ...['artifacts', 'entries', 'exitResults', 'ledgerEntries', 'papers', 'publishedResults'],
      ...['runSignatures', 'runs', 'specs', 'tracks', 'verdicts'],
    ])
  })
})

describe('importStore', () => {
  it('refuses a database that holds something, and a folder that is no export', async () => {
    await expect(importStore(source.db, exported)).rejects.toMatchObject({ code: 'conflict' })
    await expect(importStore(source.db, folder)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('refuses a file that is not the one of the index', async () => {
    const target = await openTestStore()
    const changed = tampered('file', { exitResults: (rows) => rows.slice(1) }, { index: false })
    const path = join(changed, 'tables', 'exitResults.json')
    await expect(importStore(target.db, changed)).rejects.toMatchObject({ code: 'bad-input', path })
    await target.close()
  })

  it('copies files before it closes the tables to others', async () => {
    const target = await openTestStore()
    const place = openFolderArtifacts(join(folder, 'artifacts-first'))
    const held: unknown[] = []
    const put: typeof place.put = async (...given) => {
      const { rows } = await target.db.execute(
        sql`select mode from pg_locks where relation = 'runs'::regclass and mode = 'ShareRowExclusiveLock'`,
      )
      held.push(...rows)
      return await place.put(...given)
    }
    expect(await importStore(target.db, exported, { artifactStore: { ...place, put } })).toMatchObject({
      artifacts: 8,
    })
    expect(held).toEqual([])
    await target.close()
  })

  it('waits for who publishes at the time, who does not wait for it', async () => {
    const target = await openTestStore()
    const run = syntheticRun({ name: 'meanwhile', seed: 1 })
    let imported: Promise<unknown> | undefined
    await target.db.transaction(async (tx) => {
      // As `publishRun` begins.
      await keepApart(tx, false)
      imported = importStore(target.db, exported).catch((error: unknown) => error)
      await untilLockWaits(target.db)
      await tx.insert(tracks).values(trackRow(run.manifest))
    })
    expect(await imported).toMatchObject({ code: 'conflict', message: 'The database is not empty.' })
    await target.close()
  })

  const digest = `sha256:${'0'.repeat(64)}`
  it.each<[what: string, where: RegExp, Tampering]>([
    ['who is right where', /top1/, { exitResults: first({ correct: '/////wE=' }) }],
    [
      'a bit beyond the last image',
      /correct/,
      {
        exitResults: first(({ correct }) => {
          const bytes = Buffer.from(String(correct), 'base64')
          bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80
          return { correct: bytes.toString('base64') }
        }),
      },
    ],
    ['top-1', /exitResults\..*top1/, { exitResults: first({ top1: 0.9 }) }],
    ['top-5', /top5/, { exitResults: first({ top5: 0.99 }) }],
    ['NLL', /nll/, { exitResults: first({ nll: 0.001 }) }],
    ['ECE', /ece/, { exitResults: first({ ece: 0 }) }],
    ['AUROC', /auroc/, { exitResults: first({ auroc: null }) }],
    ['MACs', /sequentialMacs/, { exitResults: first({ sequentialMacs: 1 }) }],
    ['an exit more', /exitResults/, { exitResults: (rows) => [...rows, { ...rows.at(-1), k: 9 }] }],
    ['an exit less', /top1/, { exitResults: (rows) => rows.slice(1) }],
    ['a seed', /seed/, { runs: first({ seed: 7 }) }],
    ['a backend', /backend/, { runs: first({ backend: 'wasm' }) }],
    ['parameters', /parameters/, { runs: first({ parameters: 1 }) }],
    ['a time', /finishedAt/, { runs: first({ finishedAt: '2020-01-01T00:00:00.000Z' }) }],
    ['a digest', /manifestDigest/, { runs: first({ manifestDigest: digest }) }],
    [
      'a manifest',
      /manifestDigest/,
      { runs: first(({ manifest }) => ({ manifest: { ...Object(manifest), deterministic: false } })) },
    ],
    ['made-up among trained runs', /synthetic/, { runs: first({ synthetic: true }) }],
    ['the name of a spec', /specs/, { specs: first({ name: 'better' }) }],
    [
      'the document of a spec',
      /specs/,
      { specs: first(({ document }) => ({ document: { ...Object(document), seeds: [1] } })) },
    ],
    ['a spec without runs', /specs/, { specs: (rows) => [...rows, { ...rows[0], digest }] }],
    ['the dataset of a track', /tracks/, { tracks: first({ dataset: 'cifar10' }) }],
    [
      'the document of a track',
      /tracks/,
      { tracks: first(({ document }) => ({ document: { ...Object(document), costConvention: 'other' } })) },
    ],
    [
      'an entry without runs',
      /entries/,
      {
        specs: (rows) => [...rows, { ...rows[0], digest }],
        entries: (rows) => [...rows, { ...rows[0], id: 'entry_0', experimentDigest: digest }],
      },
    ],
    [
      'an entry under another id',
      /entryId/,
      {
        entries: first({ id: 'entry_0' }),
        runs: (rows) => {
          const [entry] = tableOf(exported, 'entries')
          return rows.map((row) => (row.entryId === entry?.id ? { ...row, entryId: 'entry_0' } : row))
        },
      },
    ],
    ['the digest of a file', /artifacts.*sha256/, { artifacts: first({ sha256: '0'.repeat(64) }) }],
    ['the size of a file', /artifacts.*bytes/, { artifacts: first({ bytes: 1 }) }],
    ['a file less', /artifacts/, { artifacts: (rows) => rows.slice(1) }],
  ])(
    'refuses %s that no manifest gives, though the index was made to agree',
    async (what, where, tampering) => {
      const changed = tampered(what, tampering)
      const thrown: unknown = await importStore(empty.db, changed).catch((error: unknown) => error)
      expect(thrown).toMatchObject({ code: 'verification-failed' })
      expect((thrown as BenchError).problems.map(({ path }) => path).join()).toMatch(where)
      expect((await databaseStatus(empty.db)).counts).toMatchObject({
        tracks: 0,
        runs: 0,
        publishedResults: 0,
      })
    },
  )
})

describe('an export whose index was sealed anew', () => {
  it('is not believed how far its runs were checked', async () => {
    const target = await openTestStore()
    const boast = tampered('tiers', { runs: (rows) => rows.map((row) => ({ ...row, tier: 'third-party' })) })
    const seen: string[] = []
    const { unchecked } = await importStore(target.db, boast, {
      check: async ({ manifest, readFile }) => {
        const [file] = manifest.artifacts
        if (file) seen.push(sha256Of(await readFile(file)))
        return manifest.seed === 1 ? 'recomputed' : 'reported'
      },
    })
    expect(unchecked).toBe(2)
    expect(seen).toHaveLength(4)
    const found = await target.db.select({ seed: runs.seed, tier: runs.tier }).from(runs)
    for (const { seed, tier } of found) expect(tier).toBe(seed === 1 ? 'recomputed' : 'reported')
    await target.close()
  })

  it('has reported runs where it lacks their files, or nobody checks them', async () => {
    const target = await openTestStore()
    const bare = tampered('bare', {})
    rmSync(join(bare, 'artifacts'), { recursive: true })
    expect(await importStore(target.db, bare, { check })).toMatchObject({ artifacts: 0, unchecked: 4 })
    await target.close()
  })

  it('is refused with a run that does not verify', async () => {
    const refusal = new Error('it does not verify')
    const refused = importStore(empty.db, exported, { check: () => Promise.reject(refusal) })
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('it does not verify') })
  })

  it.each<[what: string, code: string, message: RegExp, Tampering]>([
    [
      'of the year 9999',
      'bad-input',
      /publishedAt is no time from 2020 to 2099/,
      { runs: first({ publishedAt: '9999-12-31T00:00:00.000Z' }) },
    ],
    [
      'of the year 1',
      'bad-input',
      /publishedAt is no time from 2020 to 2099/,
      { entries: first({ publishedAt: '0001-01-01T00:00:00.000Z' }) },
    ],
    [
      'that are to come',
      'verification-failed',
      /2090-01-01T00:00:00\.000Z is to come/,
      { specs: first({ publishedAt: '2090-01-01T00:00:00.000Z' }) },
    ],
    [
      'with a number of 1e9 percent',
      'verification-failed',
      /value: Expected a number of at most 100/,
      { publishedResults: first({ value: 1e9 }) },
    ],
    [
      'with another number of a paper',
      'verification-failed',
      /not the one that its id names/,
      { publishedResults: first({ value: 99.9 }) },
    ],
    [
      'with a paper of the year 3000',
      'verification-failed',
      /at most 2100/,
      { papers: first(({ citation }) => ({ citation: { ...Object(citation), year: 3000 } })) },
    ],
    [
      'with a run twice',
      'bad-input',
      /second row of the run/,
      { runs: (rows) => [...rows, ...rows.slice(0, 1)] },
    ],
    [
      'without a run',
      'bad-input',
      /has a row of something that the export lacks: Key \(run_id\)/,
      { runs: (rows) => rows.slice(1) },
    ],
    [
      'with an exit twice',
      'bad-input',
      /holds a row twice: Key \(run_id, k\)/,
      { exitResults: (rows) => [...rows, ...rows.slice(0, 1)] },
    ],
    [
      'with a role of no file',
      'verification-failed',
      /artifacts\..*page.*no such row/,
      { artifacts: first({ role: 'page' }) },
    ],
    [
      'with a NUL in a manifest',
      'bad-input',
      /not accepted/,
      { runs: first(({ manifest }) => ({ manifest: { ...Object(manifest), runId: 'a\u0000' } })) },
    ],
  ])('is refused with rows %s', async (what, code, message, tampering) => {
    const changed = tampered(`anew ${what}`, tampering)
    const thrown: unknown = await importStore(empty.db, changed, { check }).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code })
    const { message: first, problems } = thrown as BenchError
    expect([first, ...problems.map((problem) => `${problem.path}: ${problem.message}`)].join('\n')).toMatch(
      message,
    )
    expect((await databaseStatus(empty.db)).counts).toMatchObject({ tracks: 0, runs: 0, publishedResults: 0 })
  })
})

type Rows = readonly Readonly<Record<string, unknown>>[]
type Tampering = Partial<Record<PublicTableName, (rows: Rows) => Rows>>

/** Changes the first row of a table. */
function first(change: Rows[number] | ((row: Rows[number]) => Rows[number])): (rows: Rows) => Rows {
  return (rows) =>
    rows.map((row, i) =>
      i === 0 ? { ...row, ...(typeof change === 'function' ? change(row) : change) } : row,
    )
}

function tableOf(root: string, name: PublicTableName): Rows {
  return JSON.parse(readFileSync(join(root, 'tables', `${name}.json`), 'utf8'))
}

/** A copy of the export with other rows, and an index that lists them. */
function tampered(what: string, tampering: Tampering, { index: agrees = true } = {}): string {
  const copy = join(folder, `tampered ${what}`)
  cpSync(exported, copy, { recursive: true })
  const indexPath = join(copy, 'export.json')
  const index: ExportIndex = JSON.parse(readFileSync(indexPath, 'utf8'))
  for (const name of publicTableNames) {
    const change = tampering[name]
    if (!change) continue
    const rows = change(tableOf(copy, name))
    const text = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
    writeFileSync(join(copy, 'tables', `${name}.json`), text)
    index.tables[name] = { rows: rows.length, sha256: sha256Of(Buffer.from(text)) }
  }
  if (agrees) writeFileSync(indexPath, JSON.stringify(index))
  return copy
}
