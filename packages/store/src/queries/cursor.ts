import { BenchError } from '@mate-bench/schema'
import { type Column, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'

/** The last row of a page, newest first: the next page begins behind it, whatever was added meanwhile. */
export interface PagePosition {
  readonly publishedAt: Date
  readonly id: string
}

/** A list and how to go on; `next` is null on the last page. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

export const maximumPageSize = 200

/** Opaque text for a URL, of what a list is ordered by. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** @throws BenchError `bad-input` for a text that `encodeCursor` did not make of such a position */
export function decodeCursor<Position>(text: string, position: z.ZodType<Position>): Position {
  try {
    return position.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch (thrown) {
    throw new BenchError({
      code: 'bad-input',
      message: 'The cursor is not one that this list gave.',
      path: 'cursor',
      hint: 'Take it from the answer of the page before, or leave it out to begin at the start.',
      cause: thrown,
    })
  }
}

/** Ids and digests, as far as a cursor has to know them. */
export const cursorIdSchema = z.string().regex(/^[\w:-]{1,200}$/)

/** The years from 1970 on: Postgres has no year 0, and nothing was published before. */
const timeSchema = z.iso.datetime().refine((text) => new Date(text).getTime() >= 0)

const newestFirst = z.tuple([timeSchema, cursorIdSchema])

/**
 * Rows behind a position, for a list ordered by time and id, newest first.
 * @throws BenchError `bad-input` for a cursor that is none
 */
export function behind(time: Column, id: Column, cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined
  const [publishedAt, lastId] = decodeCursor(cursor, newestFirst)
  // One comparison of rows begins in the index where the page before ended; an `or` would read all before it again.
  return sql`(${time}, ${id}) < (${publishedAt}::timestamptz, ${lastId}::text)`
}

/** A page of rows ordered by time and id. */
export function toPage<Row extends PagePosition>(rows: readonly Row[], limit: number): Page<Row> {
  return cutPage(rows, limit, ({ publishedAt, id }) => [publishedAt.toISOString(), id])
}

/** Cuts the one row too many that was asked for to see whether there is more. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => readonly (string | number)[],
): Page<Row> {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last ? encodeCursor(positionOf(last)) : null }
}

/** Rows of a page: what was asked for between 1 and `maximumPageSize`, 50 where nothing was. */
export function pageSize(limit: number | undefined): number {
  return Math.max(1, Math.min(limit ?? 50, maximumPageSize))
}
