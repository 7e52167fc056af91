import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256Of } from '../artifacts/digest.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { publishRun } from '../publish/publish-run.ts'
import { databaseStatus } from '../queries/database-status.ts'
import { seedReferences } from '../references/seed-references.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { exportStore } from './export-store.ts'
import { importStore } from './import-store.ts'

const references = fileURLToPath(new URL('../../../../bench-specs/references', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'transfer-'))
const exported = join(folder, 'exported')
const artifactStore = openFolderArtifacts(join(folder, 'artifacts'))
const publishedAt = new Date('2026-02-03T04:05:06.789Z')
let source: TestStore

beforeAll(async () => {
  source = await openTestStore()
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
    const { artifacts } = await importStore(target.db, exported, { artifactStore: place })
    expect(artifacts).toBe(8)
    await exportStore(target.db, join(folder, `again-${driver}`), { artifactStore: place })
    const again = bytesOf(join(folder, `again-${driver}`))
    expect(Object.keys(again)).toHaveLength(1 + 8 * 3 + 8)
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
      parquet.map(({ id, seed, manifest, publishedAt: at }) => [id, seed, JSON.parse(manifest), at]),
    ).toEqual(rows.map(({ id, seed, manifest, publishedAt: at }) => [id, seed, manifest, new Date(at)]))
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
    expect([...names].sort()).toEqual(
      ['artifacts', 'entries', 'exitResults', 'papers', 'publishedResults', 'runs', 'specs', 'tracks'].sort(),
    )
  })
})

describe('importStore', () => {
  it('refuses a database that holds something, and a folder that is no export', async () => {
    await expect(importStore(source.db, exported)).rejects.toMatchObject({ code: 'conflict' })
    await expect(importStore(source.db, folder)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('refuses an export that was changed, and leaves the database empty', async () => {
    const target = await openTestStore()
    const path = join(exported, 'tables', 'exitResults.json')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace('"top1":0.', '"top1":0.9'))
    await expect(importStore(target.db, exported)).rejects.toMatchObject({ code: 'bad-input', path })
    // Nor does it help to make the index agree: runs are held to their manifests.
    const changed = text.replace(/"correct":"[^"]{4}/, '"correct":"////')
    expect(changed).not.toBe(text)
    const index = join(exported, 'export.json')
    const indexText = readFileSync(index, 'utf8')
    writeFileSync(path, changed)
    writeFileSync(index, indexText.replace(sha256Of(Buffer.from(text)), sha256Of(Buffer.from(changed))))
    await expect(importStore(target.db, exported)).rejects.toMatchObject({ code: 'verification-failed' })
    writeFileSync(path, text)
    writeFileSync(index, indexText)
    expect((await databaseStatus(target.db)).counts).toMatchObject({
      tracks: 0,
      runs: 0,
      publishedResults: 0,
    })
    await target.close()
  })
})
