import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { refreshStale } from '../aggregates/refresh.ts'
import { type ArtifactStore, parseSha256 } from '../artifacts/artifact-store.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { artifacts } from '../schema/index.ts'
import { checkImported } from './check-imported.ts'
import { exportFiles, exportIndexSchema } from './export-index.ts'
import { fromFileRow } from './from-file-row.ts'
import { type PublicTableName, publicTableNames, publicTables } from './tables.ts'

export interface Imported {
  readonly rows: number
  readonly artifacts: number
}

/** A statement takes at most 65,535 parameters; the widest table has 20 columns. */
const rowsAtOnce = 500

/**
 * Reads an export into an empty database, in one transaction. Every row that follows from a manifest is held to it, as
 * when a run is published.
 *
 * @throws BenchError `conflict` for a database that holds something, `bad-input` and `verification-failed` for an
 *   export that was changed, `storage`; the database is as it was then,
 *   though files may be in the artifact store
 */
export async function importStore(
  db: Db,
  folder: string,
  options: { readonly artifactStore?: ArtifactStore | undefined } = {},
): Promise<Imported> {
  const listed = await checkFiles(folder)
  try {
    await refuseUnlessEmpty(db)
    // Before the rows, so that none is ever without its file, and outside the transaction, which others may wait for.
    const artifacts = await copyArtifacts(folder, listed.get('artifacts')?.path, options.artifactStore)
    const rows = await db.transaction(async (tx) => {
      await lockTables(tx)
      await refuseUnlessEmpty(tx)
      let inserted = 0
      for (const [name, { path, count }] of listed) inserted += await insertTable(tx, name, path, count)
      await checkImported(tx, folder)
      await refreshStale(tx)
      return inserted
    })
    return { rows, artifacts }
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, {
      doing: 'importing',
      retry: 'Nothing was changed: run `mate-bench db import` again.',
    })
  }
}

interface ListedTable {
  readonly path: string
  readonly count: number
}

/** The index, and that each file is the one that it lists. */
async function checkFiles(folder: string): Promise<Map<PublicTableName, ListedTable>> {
  const path = join(folder, exportFiles.index)
  const index = exportIndexSchema.safeParse(readJson(path))
  if (!index.success) throw notAnExport(path, 'is not the index of an export of this version')
  const found = new Map<PublicTableName, ListedTable>()
  for (const name of publicTableNames) {
    const listed = index.data.tables[name]
    if (!listed) throw notAnExport(path, `does not list the table ${name}`)
    const file = join(folder, exportFiles.tables, `${name}.json`)
    if ((await sha256OfFile(file)) !== listed.sha256) {
      throw notAnExport(file, 'is not the file that the index lists')
    }
    found.set(name, { path: file, count: listed.rows })
  }
  return found
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch (thrown) {
    throw notAnExport(path, `can not be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
  return hash.digest('hex')
}

async function insertTable(
  tx: Transaction,
  name: PublicTableName,
  path: string,
  count: number,
): Promise<number> {
  const table = publicTables[name]
  let rows: Record<string, unknown>[] = []
  let read = 0
  // `fromFileRow` has held the rows to the table's columns; one type for all tables would be their intersection.
  const insert = async () => {
    if (rows.length > 0) await tx.insert(table).values(rows as never)
    rows = []
  }
  for await (const row of readRows(path)) {
    rows.push(fromFileRow(table, row, `${path}[${read++}]`))
    if (rows.length === rowsAtOnce) await insert()
  }
  await insert()
  if (read !== count) throw notAnExport(path, `does not hold ${count} rows`)
  return read
}

/** Those that a table of artifacts lists. */
async function copyArtifacts(
  folder: string,
  listedIn: string | undefined,
  to: ArtifactStore | undefined,
): Promise<number> {
  const place = join(folder, exportFiles.artifacts)
  if (!to || listedIn === undefined || !existsSync(place)) return 0
  const mediaTypes = new Map<string, string>()
  let read = 0
  for await (const row of readRows(listedIn)) {
    const { sha256, mediaType } = fromFileRow(artifacts, row, `${listedIn}[${read++}]`)
    mediaTypes.set(String(sha256), String(mediaType))
  }
  const from = openFolderArtifacts(place)
  for (const [sha256, mediaType] of mediaTypes) await to.put(await from.get(parseSha256(sha256)), mediaType)
  return mediaTypes.size
}

/** Runs first, as when one is published: whoever is publishing is waited for before anything else is held. */
async function lockTables(tx: Transaction): Promise<void> {
  const others = publicTableNames.filter((name) => name !== 'runs')
  for (const name of ['runs', ...others] as const) {
    await tx.execute(sql`lock table ${publicTables[name]} in share row exclusive mode`)
  }
}

async function refuseUnlessEmpty(db: Pick<Db, 'execute'>): Promise<void> {
  for (const name of publicTableNames) {
    const { rows } = await db.execute(sql`select 1 from ${publicTables[name]} limit 1`)
    if (rows.length === 0) continue
    throw new BenchError({
      code: 'conflict',
      message: 'The database is not empty.',
      path: name,
      hint: 'Import into a new one: set DATABASE_URL, or MATE_BENCH_DB to a new folder, and run `mate-bench db migrate`.',
    })
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (thrown) {
    throw notAnExport(path, `can not be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}

/** A row a line, as `openJson` of the export writes them. */
async function* readRows(path: string): AsyncGenerator<unknown> {
  for await (const line of readLines(path)) {
    if (line === '' || line === '[' || line === ']' || line === '[]') continue
    try {
      yield JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line)
    } catch {
      throw notAnExport(path, 'is not written a row a line')
    }
  }
}

/** Split at line feeds alone: what `node:readline` takes for an end of line besides may stand inside JSON. */
async function* readLines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

function notAnExport(path: string, what: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${path} ${what}.`,
    path,
    hint: 'Give the folder that `mate-bench db export` wrote, unchanged.',
  })
}
