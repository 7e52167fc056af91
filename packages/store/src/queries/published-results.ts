import { and, asc, eq, type SQL } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { type Citation, type PublishedMetric, papers, publishedResults } from '../schema/index.ts'

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
  const pairs = [
    [publishedResults.dataset, filter.dataset],
    [publishedResults.architecture, filter.architecture],
    [publishedResults.benchMethod, filter.benchMethod],
    [publishedResults.metric, filter.metric],
    [publishedResults.paperId, filter.paperId],
  ] as const
  const conditions: SQL[] = pairs.flatMap(([column, value]) =>
    value === undefined ? [] : [eq(column, value)],
  )
  const rows = await db
    .select()
    .from(publishedResults)
    .innerJoin(papers, eq(papers.id, publishedResults.paperId))
    .where(and(...conditions))
    .orderBy(asc(publishedResults.paperId), asc(publishedResults.position))
  return rows.map(({ published_results: { position: _, ...result }, papers: paper }) => ({
    ...result,
    citation: paper.citation,
    caveats: [...result.caveats, ...paper.caveats],
  }))
}

export interface Paper {
  readonly id: string
  readonly citation: Citation
  readonly caveats: readonly string[]
}

export async function listPapers(db: Db): Promise<Paper[]> {
  return await db.select().from(papers).orderBy(asc(papers.id))
}
