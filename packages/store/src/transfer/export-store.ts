import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { type ArtifactStore, parseSha256 } from '../artifacts/artifact-store.ts'
import { sha256Of } from '../artifacts/digest.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import type { Db } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { type ExportIndex, exportFiles } from './export-index.ts'
import { toCsv, toJson, toParquet } from './file-formats.ts'
import {
  type FileRow,
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
  const tables = await readTables(db)
  try {
    mkdirSync(join(folder, exportFiles.tables), { recursive: true })
    const index: ExportIndex = { format: 'mate-bench-export', version: 1, tables: {} }
    for (const [name, rows] of tables) {
      const json = toJson(rows)
      const table = publicTables[name]
      const path = join(folder, exportFiles.tables, name)
      writeFileSync(`${path}.json`, json)
      writeFileSync(`${path}.csv`, toCsv(table, rows))
      writeFileSync(`${path}.parquet`, toParquet(table, rows))
      index.tables[name] = { rows: rows.length, sha256: sha256Of(Buffer.from(json)) }
    }
    writeFileSync(join(folder, exportFiles.index), `${JSON.stringify(index, null, 2)}\n`)
  } catch (thrown) {
    throw writeFailed(folder, thrown)
  }
  const rows = Object.fromEntries([...tables].map(([name, list]) => [name, list.length]))
  return {
    rows: rows as Record<PublicTableName, number>,
    artifacts: options.artifactStore
      ? await copyArtifacts(options.artifactStore, folder, tables.get('artifacts') ?? [])
      : 0,
  }
}

async function readTables(db: Db): Promise<Map<PublicTableName, FileRow[]>> {
  try {
    return await db.transaction(
      async (tx) => {
        const tables = new Map<PublicTableName, FileRow[]>()
        for (const name of publicTableNames) {
          const table = publicTables[name]
          const rows: Record<string, unknown>[] = await tx.select().from(table).where(sql`true`)
          const inFile = rows.map((row) => toFileRow(table, row))
          tables.set(name, sortRows(table, inFile))
        }
        return tables
      },
      // All tables as they were at the first statement.
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, { doing: 'exporting' })
  }
}

async function copyArtifacts(from: ArtifactStore, folder: string, rows: readonly FileRow[]): Promise<number> {
  const to = openFolderArtifacts(join(folder, exportFiles.artifacts))
  const types = new Map(rows.map(({ sha256, mediaType }) => [String(sha256), String(mediaType)]))
  for (const [sha256, mediaType] of types) await to.put(await from.get(parseSha256(sha256)), mediaType)
  return types.size
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
