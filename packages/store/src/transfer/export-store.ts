import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { getTableColumns, inArray } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { type ArtifactStore, parseSha256 } from '../artifacts/artifact-store.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { type ExportIndex, exportFiles } from './export-index.ts'
import { openCsv, openJson, openParquet } from './file-formats.ts'
import {
  type FileRow,
  keyColumns,
  type PublicTableName,
  publicTableNames,
  publicTables,
  sortRows,
  toFileRow,
} from './tables.ts'

export interface ExportOptions {
  /** Where the files of runs are; left out, only their digests are exported. */
  readonly artifactStore?: ArtifactStore | undefined
}

export interface Exported {
  readonly rows: Readonly<Record<PublicTableName, number>>
  readonly artifacts: number
}

/** A manifest has tens of thousands of characters. */
const keysAtOnce = 200

/**
 * Writes everything public to a folder: each table as JSON, CSV and Parquet, and the files of runs. The tables are
 * of one moment. The same content gives the same bytes, from whichever database.
 *
 * @throws BenchError `conflict` for a folder that holds something, `storage`
 */
export async function exportStore(db: Db, folder: string, options: ExportOptions = {}): Promise<Exported> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new BenchError({
      code: 'conflict',
      message: `${folder} is not empty.`,
      path: folder,
      hint: 'Give a new folder, so that an older export is not mixed into it.',
    })
  }
  const index: ExportIndex = { format: 'mate-bench-export', version: 2, tables: {} }
  const mediaTypes = new Map<string, string>()
  writing(folder, () => mkdirSync(join(folder, exportFiles.tables), { recursive: true }))
  try {
    await db.transaction(
      async (tx) => {
        for (const name of publicTableNames) {
          index.tables[name] = await exportTable(tx, folder, name, (row) => {
            if (name === 'artifacts') mediaTypes.set(String(row.sha256), String(row.mediaType))
          })
        }
      },
      // All tables as they were at the first statement.
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, { doing: 'exporting' })
  }
  writing(folder, () => writeFileSync(join(folder, exportFiles.index), `${JSON.stringify(index, null, 2)}\n`))
  const rows = Object.fromEntries(publicTableNames.map((name) => [name, index.tables[name]?.rows ?? 0]))
  return {
    rows: rows as Record<PublicTableName, number>,
    artifacts: options.artifactStore ? await copyArtifacts(options.artifactStore, folder, mediaTypes) : 0,
  }
}

/** A part of the table at a time, in the order of its keys. */
async function exportTable(
  tx: Transaction,
  folder: string,
  name: PublicTableName,
  onRow: (row: FileRow) => void,
): Promise<{ rows: number; sha256: string }> {
  const table: PgTable = publicTables[name]
  const [keyName = ''] = keyColumns(table)
  const key = getTableColumns(table)[keyName]
  if (!key) throw new TypeError(`the table ${name} has no key`)
  const keys = (await tx.selectDistinct({ key }).from(table)).map((row) => String(row.key))
  // By code unit: the same order from every database, whatever its language.
  keys.sort((a, b) => (key.dataType === 'number' ? Number(a) - Number(b) : a < b ? -1 : 1))
  const path = join(folder, exportFiles.tables, name)
  const json = writing(folder, () => openJson(`${path}.json`))
  const files = [
    json,
    writing(folder, () => openCsv(`${path}.csv`, table)),
    writing(folder, () => openParquet(`${path}.parquet`, table)),
  ]
  let count = 0
  for (let start = 0; start < keys.length; start += keysAtOnce) {
    const some = keys.slice(start, start + keysAtOnce)
    const found: Record<string, unknown>[] = await tx.select().from(table).where(inArray(key, some))
    const rows = sortRows(
      table,
      found.map((row) => toFileRow(table, row)),
    )
    for (const file of files) writing(folder, () => file.write(rows))
    rows.forEach(onRow)
    count += rows.length
  }
  for (const file of files) writing(folder, () => file.close())
  return { rows: count, sha256: json.sha256() }
}

async function copyArtifacts(
  from: ArtifactStore,
  folder: string,
  mediaTypes: ReadonlyMap<string, string>,
): Promise<number> {
  const to = openFolderArtifacts(join(folder, exportFiles.artifacts))
  for (const [sha256, mediaType] of mediaTypes) {
    await to.put(await from.get(parseSha256(sha256)), mediaType)
  }
  return mediaTypes.size
}

/** Tells a full disk from a database that went away. */
function writing<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw writeFailed(folder, thrown)
  }
}

function writeFailed(folder: string, thrown: unknown): BenchError {
  return new BenchError({
    code: 'storage',
    message: `The export could not be written: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
    path: folder,
    hint: 'Free some space or choose another folder, delete what is in it, and export again.',
    cause: thrown,
  })
}
