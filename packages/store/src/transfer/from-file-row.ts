import { BenchError } from '@mate-bench/schema'
import { type Column, getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { columnKind } from './tables.ts'

/**
 * A row of a file as a row for the database; exactly the columns of the table, each of its kind.
 * @throws BenchError `bad-input` that names file, row and column
 */
export function fromFileRow(table: PgTable, input: unknown, source: string): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw wrong(source, 'is no object')
  const columns = getTableColumns(table)
  const unknown = Object.keys(input).find((key) => !(key in columns))
  if (unknown !== undefined) throw wrong(source, `has a member ${unknown}, which the table has not`)
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [
      key,
      fromValue(column, Reflect.get(input, key), `${source}.${key}`),
    ]),
  )
}

function fromValue(column: Column, value: unknown, source: string): unknown {
  if (value === null || value === undefined) {
    if (column.notNull || value === undefined) throw wrong(source, 'is missing')
    return null
  }
  const kind = columnKind(column)
  switch (kind) {
    case 'json':
      return value
    case 'text':
      if (typeof value === 'string') return value
      break
    case 'number':
      if (typeof value === 'number' && Number.isFinite(value)) return value
      break
    case 'integer':
    case 'count':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      break
    case 'instant': {
      const date = typeof value === 'string' ? new Date(value) : undefined
      if (date && isPlausible(date)) return date
      break
    }
    case 'bytes':
      if (typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
        return new Uint8Array(Buffer.from(value, 'base64'))
      }
  }
  throw wrong(source, kind === 'instant' ? 'is no time from 2020 to 2099' : `is not of the kind ${kind}`)
}

/** In the years in which anybody can have used this; a Date that is none is in no year. */
function isPlausible(date: Date): boolean {
  return date.getTime() >= Date.UTC(2020, 0, 1) && date.getTime() < Date.UTC(2100, 0, 1)
}

function wrong(source: string, what: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${source} ${what}.`,
    path: source,
    hint: 'The export was changed, or written by another version. Export again with this version.',
  })
}
