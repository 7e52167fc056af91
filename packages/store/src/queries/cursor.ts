import { BenchError } from '@mate-bench/schema'
import { and, type Column, eq, lt, or, type SQL } from 'drizzle-orm'
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

/** Opaque text for a URL. */
export function encodeCursor({ publishedAt, id }: PagePosition): string {
  return Buffer.from(JSON.stringify([publishedAt.toISOString(), id])).toString('base64url')
}

const cursorSchema = z.tuple([z.iso.datetime(), z.string().max(200)])

/** @throws BenchError `bad-input` for a text that `encodeCursor` did not make */
export function decodeCursor(text: string): PagePosition {
  try {
    const [publishedAt, id] = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { publishedAt: new Date(publishedAt), id }
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

/** Rows behind a position, for a list ordered by time and id, newest first. */
export function behind(time: Column, id: Column, cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined
  const position = decodeCursor(cursor)
  return or(lt(time, position.publishedAt), and(eq(time, position.publishedAt), lt(id, position.id)))
}

/** Cuts the one row too many that was asked for to see whether there is more. */
export function toPage<Row extends PagePosition>(rows: readonly Row[], limit: number): Page<Row> {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last ? encodeCursor(last) : null }
}

export function pageSize(limit: number | undefined): number {
  return Math.max(1, Math.min(limit ?? 50, maximumPageSize))
}
