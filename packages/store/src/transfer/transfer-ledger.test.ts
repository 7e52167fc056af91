import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchError } from '@mate-bench/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256Of } from '../artifacts/digest.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { ledgerSize, treeHead } from '../ledger/read-ledger.ts'
import { publishRun } from '../publish/publish-run.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { exportStore } from './export-store.ts'
import { importStore } from './import-store.ts'

type Row = Record<string, unknown>

const folder = mkdtempSync(join(tmpdir(), 'transfer-ledger-'))
const exported = join(folder, 'exported')
const key = `ed25519:${'a'.repeat(64)}`
const runs = [1, 2, 3, 4, 5, 6].map((seed) => syntheticRun({ seed, images: 10 }))
let source: TestStore
let target: TestStore

beforeAll(async () => {
  source = await openTestStore()
  target = await openTestStore()
  const artifacts = openFolderArtifacts(join(folder, 'artifacts'))
  for (const run of runs) await publishRun(source.db, artifacts, run, { tier: 'reported' })
  await exportStore(source.db, exported)
})
afterAll(async () => {
  await source.close()
  await target.close()
  rmSync(folder, { recursive: true })
})

/** An export in which rows of a table were changed, and the index was made to agree. */
function tampered(name: string, table: string, change: (rows: Row[]) => Row[]): string {
  const copy = join(folder, name)
  cpSync(exported, copy, { recursive: true })
  const path = join(copy, 'tables', `${table}.json`)
  const rows = change(JSON.parse(readFileSync(path, 'utf8')))
  const text = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
  writeFileSync(path, text)
  const index = JSON.parse(readFileSync(join(copy, 'export.json'), 'utf8'))
  index.tables[table] = { rows: rows.length, sha256: sha256Of(Buffer.from(text)) }
  writeFileSync(join(copy, 'export.json'), JSON.stringify(index))
  return copy
}

const first = (change: Row) => (rows: Row[]) => rows.map((row, i) => (i === 0 ? { ...row, ...change } : row))
const notSigned = {
  payloadType: 'application/vnd.in-toto+json',
  payload: 'e30=',
  signatures: [{ keyid: key, sig: Buffer.alloc(64).toString('base64') }],
}

describe('the ledger of an export', () => {
  it.each<[what: string, table: string, change: (rows: Row[]) => Row[]]>([
    ['an event less', 'ledgerEntries', (rows) => rows.toSpliced(2, 1)],
    ['another seed in its columns', 'ledgerEntries', first({ seed: 9 })],
    ['another leaf', 'ledgerEntries', first({ leaf: '{"kind":"started"}' })],
    ['an event of another moment', 'ledgerEntries', first({ at: '2026-01-01T00:00:00.000Z' })],
    ['evidence that nobody signed', 'ledgerEntries', first({ evidence: notSigned })],
    [
      'a signature that does not hold',
      'runSignatures',
      () => [{ runId: runs[0]?.manifest.runId, key, envelope: notSigned }],
    ],
  ])('is refused with %s, though the index was made to agree', async (what, table, change) => {
    const changed = tampered(what, table, change)
    const thrown: unknown = await importStore(target.db, changed).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'verification-failed' })
    expect((thrown as BenchError).problems.map(({ path }) => path).join()).toContain(table)
    expect(await ledgerSize(target.db)).toBe(0)
  })

  it('has the same head once it is imported, though an export has no tree', async () => {
    await importStore(target.db, exported)
    expect(await treeHead(target.db)).toEqual(await treeHead(source.db))
    expect(await ledgerSize(target.db)).toBe(12)
  })
})
