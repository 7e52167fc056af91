import { createHash } from 'node:crypto'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { type Column, getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { type BasicType, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { type ColumnKind, columnKind, type FileRow } from './tables.ts'

/** A file of a table. Rows are written as they come, so that no table has to fit into memory. */
export interface TableFile {
  write(rows: readonly FileRow[]): void
  close(): void
}

/** A row a line, so that two exports can be compared line by line, and read line by line. */
export function openJson(path: string): TableFile & { readonly sha256: () => string } {
  const file = openSync(path, 'w')
  const hash = createHash('sha256')
  let separator = '[\n'
  const write = (text: string) => {
    hash.update(text)
    writeFileSync(file, text)
  }
  return {
    write(rows) {
      for (const row of rows) {
        write(`${separator}${JSON.stringify(row)}`)
        separator = ',\n'
      }
    },
    close() {
      write(separator === ',\n' ? '\n]\n' : '[]\n')
      closeSync(file)
    },
    /** Of the closed file, 64 hex digits. */
    sha256: () => hash.digest('hex'),
  }
}

/** RFC 4180, lines end in CRLF; what is not text, number or boolean is JSON. */
export function openCsv(path: string, table: PgTable): TableFile {
  const file = openSync(path, 'w')
  const keys = Object.keys(getTableColumns(table))
  const line = (cells: readonly string[]) => writeFileSync(file, `${cells.map(quote).join(',')}\r\n`)
  line(keys)
  return {
    write(rows) {
      for (const row of rows) line(keys.map((key) => cell(row[key])))
    },
    close: () => closeSync(file),
  }
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
  count: 'INT64',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMP',
  bytes: 'BYTE_ARRAY',
  json: 'STRING',
}

/** Columns of the kinds that Parquet has: instants, bytes; JSON as text. */
export function openParquet(path: string, table: PgTable): TableFile {
  const columns = Object.entries(getTableColumns(table)).map(([name, column]) => ({ name, column }))
  const schema = schemaFromColumnData({
    columnData: columns.map(({ name, column }) => ({
      ...{ name, data: [], type: parquetTypes[columnKind(column)], nullable: !column.notNull },
    })),
  })
  const writer = new ParquetWriter({ writer: fileWriter(path), schema, createdBy: 'mate-bench' })
  return {
    write(rows) {
      writer.write({
        columnData: columns.map(({ name, column }) => ({ name, data: valuesOf(name, column, rows) })),
      })
    },
    close() {
      writer.finish()
    },
  }
}

function valuesOf(name: string, column: Column, rows: readonly FileRow[]): unknown[] {
  const kind = columnKind(column)
  return rows.map((row) => toParquetValue(kind, row[name]))
}

function toParquetValue(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null
  switch (kind) {
    case 'json':
      return JSON.stringify(value)
    case 'count':
      return BigInt(Number(value))
    case 'instant':
      return new Date(String(value))
    case 'bytes':
      return new Uint8Array(Buffer.from(String(value), 'base64'))
    default:
      return value
  }
}
