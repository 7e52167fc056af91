import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, manifestSchema } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { refreshStale } from '../aggregates/refresh.ts'
import { type ArtifactStore, parseSha256 } from '../artifacts/artifact-store.ts'
import { sha256Of } from '../artifacts/digest.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { unpackCorrect } from '../correct-bits.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { checkRun } from '../publish/check-run.ts'
import { ensembleK } from '../schema/index.ts'
import { exportFiles, exportIndexSchema } from './export-index.ts'
import { fromFileRow } from './from-file-row.ts'
import { type PublicTableName, publicTableNames, publicTables } from './tables.ts'

export interface Imported {
  readonly rows: number
  readonly artifacts: number
}

type Rows = Record<string, unknown>[]

/** A statement takes at most 65,535 parameters; the widest table has 20 columns. */
const rowsAtOnce = 500

/**
 * Reads an export into an empty database, in one transaction. Runs are held to the same checks as when they are
 * published.
 *
 * @throws BenchError `conflict` for a database that holds something, `bad-input` and `verification-failed` for an
 *   export that was changed, `storage`; the database is as it was then
 */
export async function importStore(
  db: Db,
  folder: string,
  options: { readonly artifactStore?: ArtifactStore | undefined } = {},
): Promise<Imported> {
  const tables = readExport(folder)
  checkRuns(tables)
  const artifacts = await copyArtifacts(folder, options.artifactStore, tables.get('artifacts') ?? [])
  try {
    await db.transaction(async (tx) => {
      await refuseUnlessEmpty(tx)
      for (const [name, rows] of tables) await insertRows(tx, name, rows)
      await refreshStale(tx)
    })
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, {
      doing: 'importing',
      retry: 'Nothing was changed: run `mate-bench db import` again.',
    })
  }
  return { rows: [...tables.values()].reduce((sum, rows) => sum + rows.length, 0), artifacts }
}

function readExport(folder: string): Map<PublicTableName, Rows> {
  const path = join(folder, exportFiles.index)
  const index = exportIndexSchema.safeParse(readJson(path).value)
  if (!index.success) throw notAnExport(path, 'is not the index of an export of this version')
  return new Map(
    publicTableNames.map((name) => {
      const listed = index.data.tables[name]
      if (!listed) throw notAnExport(path, `does not list the table ${name}`)
      const file = join(folder, exportFiles.tables, `${name}.json`)
      const { value, text } = readJson(file)
      if (sha256Of(Buffer.from(text)) !== listed.sha256) {
        throw notAnExport(file, 'is not the file that the index lists')
      }
      if (!Array.isArray(value) || value.length !== listed.rows) {
        throw notAnExport(file, `does not hold ${listed.rows} rows`)
      }
      const rows = value.map((row, i) => fromFileRow(publicTables[name], row, `${file}[${i}]`))
      return [name, rows] as const
    }),
  )
}

function checkRuns(tables: ReadonlyMap<PublicTableName, Rows>): void {
  const bits = new Map<string, Uint8Array>()
  for (const { runId, k, correct } of tables.get('exitResults') ?? []) {
    if (correct instanceof Uint8Array) bits.set(`${runId} ${k}`, correct)
  }
  for (const { id, manifest: input } of tables.get('runs') ?? []) {
    const parsed = manifestSchema.safeParse(input)
    if (!parsed.success) throw notAnExport(String(id), 'has no manifest of this version')
    const manifest = parsed.data
    const images = manifest.track.splits.test.count
    const of = (k: number) => unpackCorrect(bits.get(`${id} ${k}`) ?? new Uint8Array(), images)
    const exits = manifest.results.exits.map(({ k }) => of(k))
    checkRun({ manifest, correctness: { exits, ensemble: of(ensembleK) } })
  }
}

/** Before the rows, so that no row is ever without its file. */
async function copyArtifacts(folder: string, to: ArtifactStore | undefined, rows: Rows): Promise<number> {
  const place = join(folder, exportFiles.artifacts)
  if (!to || !existsSync(place)) return 0
  const from = openFolderArtifacts(place)
  const types = new Map(rows.map(({ sha256, mediaType }) => [String(sha256), String(mediaType)]))
  for (const [sha256, mediaType] of types) await to.put(await from.get(parseSha256(sha256)), mediaType)
  return types.size
}

async function refuseUnlessEmpty(tx: Transaction): Promise<void> {
  for (const name of publicTableNames) {
    const table = publicTables[name]
    await tx.execute(sql`lock table ${table} in share row exclusive mode`)
    const { rows } = await tx.execute(sql`select 1 from ${table} limit 1`)
    if (rows.length === 0) continue
    throw new BenchError({
      code: 'conflict',
      message: 'The database is not empty.',
      path: name,
      hint: 'Import into a new one: set DATABASE_URL, or MATE_BENCH_DB to a new folder, and run `mate-bench db migrate`.',
    })
  }
}

async function insertRows(tx: Transaction, name: PublicTableName, rows: Rows): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    // `fromFileRow` has held the rows to the table's columns; one type for all tables would be their intersection.
    await tx.insert(publicTables[name]).values(rows.slice(start, start + rowsAtOnce) as never)
  }
}

function readJson(path: string): { value: unknown; text: string } {
  try {
    const text = readFileSync(path, 'utf8')
    return { value: JSON.parse(text) as unknown, text }
  } catch (thrown) {
    throw notAnExport(path, `can not be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}

function notAnExport(path: string, what: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${path} ${what}.`,
    path,
    hint: 'Give the folder that `mate-bench db export` wrote, unchanged.',
  })
}
