import { getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { BasicType } from 'hyparquet-writer'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { type ColumnKind, columnKind, type FileRow } from './tables.ts'

/** A row a line, so that two exports can be compared line by line. */
export function toJson(rows: readonly FileRow[]): string {
  return rows.length === 0 ? '[]\n' : `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
}

/** RFC 4180, lines end in CRLF; what is not text, number or boolean is JSON. */
export function toCsv(table: PgTable, rows: readonly FileRow[]): string {
  const keys = Object.keys(getTableColumns(table))
  const lines = [keys, ...rows.map((row) => keys.map((key) => cell(row[key])))]
  return `${lines.map((line) => line.map(quote).join(',')).join('\r\n')}\r\n`
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const parquetTypes: Readonly<Record<ColumnKind, BasicType>> = {
  text: 'STRING',
  number: 'DOUBLE',
  integer: 'INT32',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMP',
  bytes: 'BYTE_ARRAY',
  json: 'STRING',
}

/** Columns of the kinds that Parquet has: instants, bytes; JSON as text. */
export function toParquet(table: PgTable, rows: readonly FileRow[]): Uint8Array {
  const columnData = Object.entries(getTableColumns(table)).map(([name, column]) => {
    const kind = columnKind(column)
    return {
      name,
      data: rows.map((row) => toParquetValue(kind, row[name])),
      type: parquetTypes[kind],
      nullable: !column.notNull,
    }
  })
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'mate-bench' }))
}

function toParquetValue(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null
  switch (kind) {
    case 'json':
      return JSON.stringify(value)
    case 'instant':
      return new Date(String(value))
    case 'bytes':
      return new Uint8Array(Buffer.from(String(value), 'base64'))
    default:
      return value
  }
}
