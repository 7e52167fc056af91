import { type Column, getTableColumns } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import {
  artifacts,
  entries,
  exitResults,
  ledgerEntries,
  papers,
  publishedResults,
  runSignatures,
  runs,
  specs,
  tracks,
  verdicts,
} from '../schema/index.ts'

/**
 * What is public and moves between databases, each table after those that it refers to. Tokens, limits and the
 * queue belong to one installation and stay there.
 */
export const publicTables = {
  tracks,
  specs,
  entries,
  runs,
  exitResults,
  artifacts,
  runSignatures,
  verdicts,
  ledgerEntries,
  papers,
  publishedResults,
} as const

export type PublicTableName = keyof typeof publicTables

export const publicTableNames = Object.keys(publicTables) as readonly PublicTableName[]

/** A row as it stands in a file: dates as ISO 8601, bytes as base64, everything else as JSON has it. */
export type FileRow = Readonly<Record<string, unknown>>

/** Names of the columns that tell rows apart. */
export function keyColumns(table: PgTable): string[] {
  const { primaryKeys } = getTableConfig(table)
  const columns = Object.entries(getTableColumns(table))
  const composite = primaryKeys[0]?.columns.map(({ name }) => name)
  return columns
    .filter(([, column]) => (composite ? composite.includes(column.name) : column.primary))
    .map(([key]) => key)
}

/** Counts that are kept in double precision, which holds whole numbers up to 2^53. */
const counts: ReadonlySet<Column> = new Set([
  runs.parameters,
  exitResults.isolatedMacs,
  exitResults.sequentialMacs,
  exitResults.parameters,
  artifacts.bytes,
])

/** How a column's values are written down: an `integer` has 32 bits, a `count` up to 53. */
export type ColumnKind = 'text' | 'number' | 'integer' | 'count' | 'boolean' | 'instant' | 'bytes' | 'json'

export function columnKind(column: Column): ColumnKind {
  switch (column.columnType) {
    case 'PgText':
      return 'text'
    case 'PgDoublePrecision':
      return counts.has(column) ? 'count' : 'number'
    case 'PgBigInt53':
      return 'count'
    case 'PgInteger':
      return 'integer'
    case 'PgBoolean':
      return 'boolean'
    case 'PgTimestamp':
      return 'instant'
    case 'PgCustomColumn':
      return 'bytes'
    case 'PgJson':
    case 'PgArray':
      return 'json'
    default:
      throw new TypeError(`no way to write a ${column.columnType} to a file`)
  }
}

/** A row of the database as a row of a file, members in the order of the columns. */
export function toFileRow(table: PgTable, row: Readonly<Record<string, unknown>>): FileRow {
  const members = Object.entries(getTableColumns(table)).map(([key, column]) => {
    // Submissions stay where they are.
    const value = column === verdicts.submissionId ? null : row[key]
    if (value === null || value === undefined) return [key, null]
    switch (columnKind(column)) {
      case 'instant':
        return [key, value instanceof Date ? value.toISOString() : value]
      case 'bytes':
        return [key, value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value]
      default:
        return [key, value]
    }
  })
  return Object.fromEntries(members)
}

/** By their keys, text by code unit: the same order from every database, whatever its language. */
export function sortRows(table: PgTable, rows: readonly FileRow[]): FileRow[] {
  const keys = keyColumns(table)
  return [...rows].sort((a, b) => {
    for (const key of keys) {
      const [x, y] = [a[key], b[key]]
      if (typeof x === 'number' && typeof y === 'number') {
        if (x !== y) return x - y
      } else if (String(x) !== String(y)) return String(x) < String(y) ? -1 : 1
    }
    return 0
  })
}
