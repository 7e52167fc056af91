import { and, asc, count, eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../drivers/db.ts'
import { type Citation, type PublishedMetric, papers, publishedResults } from '../schema/index.ts'
import { cursorIdSchema, cutPage, decodeCursor, type Page, pageSize } from './cursor.ts'

export interface PublishedResult {
  readonly id: string
  readonly paperId: string
  readonly citation: Citation
  readonly dataset: string
  readonly subset: string | null
  readonly architecture: string
  /** As the paper calls it. */
  readonly method: string
  /** The method of ours that it is. */
  readonly benchMethod: string | null
  readonly variant: string
  readonly exit: string
  readonly k: number | null
  readonly metric: PublishedMetric
  /** Percent. */
  readonly value: number
  readonly ci95: number | null
  readonly flopsMillions: number | null
  readonly parametersMillions: number | null
  readonly runs: string | null
  readonly table: string
  readonly url: string
  /** Of the table and the row, then of the whole paper. */
  readonly caveats: readonly string[]
}

export interface PublishedFilter {
  readonly dataset?: string | undefined
  readonly architecture?: string | undefined
  readonly benchMethod?: string | undefined
  readonly metric?: PublishedMetric | undefined
  readonly paperId?: string | undefined
}

/** Numbers printed in papers, in the order of their papers and tables, in one query. Never ranked with runs. */
export async function listPublishedResults(db: Db, filter: PublishedFilter = {}): Promise<PublishedResult[]> {
  return (await selectResults(db, conditions(filter))).map(toResult)
}

/** How many numbers papers print on each dataset, most first, in one query. */
export async function publishedByDataset(
  db: Db,
): Promise<{ readonly dataset: string; readonly numbers: number }[]> {
  const { dataset } = publishedResults
  return await db
    .select({ dataset, numbers: count() })
    .from(publishedResults)
    .groupBy(dataset)
    .orderBy(sql`${count()} desc`, asc(dataset))
}

export interface PublishedPageFilter extends PublishedFilter {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

const positionSchema = z.tuple([cursorIdSchema, z.int().min(0).max(0x7fffffff)])

/** A page of them, in the same order. */
export async function pagePublishedResults(
  db: Db,
  { limit: wanted, cursor, ...filter }: PublishedPageFilter = {},
): Promise<Page<PublishedResult>> {
  const limit = pageSize(wanted)
  const wheres = conditions(filter)
  if (cursor !== undefined) {
    const [paperId, position] = decodeCursor(cursor, positionSchema)
    const { paperId: paper, position: place } = publishedResults
    wheres.push(sql`(${paper}, ${place}) > (${paperId}::text, ${position}::int)`)
  }
  const rows = await selectResults(db, wheres).limit(limit + 1)
  const { rows: page, next } = cutPage(rows, limit, ({ published_results: row }) => [
    row.paperId,
    row.position,
  ])
  return { rows: page.map(toResult), next }
}

function conditions(filter: PublishedFilter): SQL[] {
  const pairs = [
    [publishedResults.dataset, filter.dataset],
    [publishedResults.architecture, filter.architecture],
    [publishedResults.benchMethod, filter.benchMethod],
    [publishedResults.metric, filter.metric],
    [publishedResults.paperId, filter.paperId],
  ] as const
  return pairs.flatMap(([column, value]) => (value === undefined ? [] : [eq(column, value)]))
}

function selectResults(db: Db, wheres: readonly SQL[]) {
  return db
    .select()
    .from(publishedResults)
    .innerJoin(papers, eq(papers.id, publishedResults.paperId))
    .where(and(...wheres))
    .orderBy(asc(publishedResults.paperId), asc(publishedResults.position))
}

type Row = Awaited<ReturnType<typeof selectResults>>[number]

function toResult({ published_results: { position: _, ...result }, papers: paper }: Row): PublishedResult {
  return { ...result, citation: paper.citation, caveats: [...result.caveats, ...paper.caveats] }
}
