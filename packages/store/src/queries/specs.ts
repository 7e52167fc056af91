import type { SpecFrame } from '@mate-bench/schema'
import { and, desc, eq, type SQL } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { specs } from '../schema/index.ts'
import { behind, type Page, pageSize, toPage } from './cursor.ts'

export interface SpecSummary {
  /** The digest, under the name that lists page by. */
  readonly id: string
  readonly name: string
  readonly method: string
  readonly backbone: string
  readonly head: string
  readonly dataset: string
  readonly exits: number
  readonly publishedAt: Date
}

export interface SpecDetail extends SpecSummary {
  readonly document: SpecFrame
}

export interface SpecFilter {
  readonly name?: string | undefined
  readonly method?: string | undefined
  readonly backbone?: string | undefined
  readonly dataset?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

const summary = {
  id: specs.digest,
  name: specs.name,
  method: specs.method,
  backbone: specs.backbone,
  head: specs.head,
  dataset: specs.dataset,
  exits: specs.exits,
  publishedAt: specs.publishedAt,
}

/** Specs of published runs, newest first, in one query. */
export async function listSpecs(db: Db, filter: SpecFilter = {}): Promise<Page<SpecSummary>> {
  const limit = pageSize(filter.limit)
  const pairs = [
    [specs.name, filter.name],
    [specs.method, filter.method],
    [specs.backbone, filter.backbone],
    [specs.dataset, filter.dataset],
  ] as const
  const conditions: SQL[] = pairs.flatMap(([column, value]) =>
    value === undefined ? [] : [eq(column, value)],
  )
  const rows = await db
    .select(summary)
    .from(specs)
    .where(and(...conditions, behind(specs.publishedAt, specs.digest, filter.cursor)))
    .orderBy(desc(specs.publishedAt), desc(specs.digest))
    .limit(limit + 1)
  return toPage(rows, limit)
}

/** A spec with its document; undefined where there is none of that digest. */
export async function findSpec(db: Db, digest: string): Promise<SpecDetail | undefined> {
  const [row] = await db
    .select({ ...summary, document: specs.document })
    .from(specs)
    .where(eq(specs.digest, digest))
  return row
}
