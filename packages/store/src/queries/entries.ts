import { idPatterns, type SpecFrame, type Track } from '@mate-bench/schema'
import { and, desc, eq, exists, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { entries, entryAggregates, type RunTier, runs, specs, tracks } from '../schema/index.ts'
import { behind, type Page, pageSize, toPage } from './cursor.ts'

export interface EntrySummary {
  readonly id: string
  readonly trackDigest: string
  readonly specDigest: string
  readonly name: string
  readonly method: string
  readonly backbone: string
  readonly head: string
  readonly dataset: string
  readonly exits: number
  readonly runs: number
  /** The weakest of its runs': an entry is checked as far as all of it is. */
  readonly tier: RunTier
  readonly backends: readonly string[]
  readonly synthetic: boolean
  /** When its first run was published. */
  readonly publishedAt: Date
  /** When the latest of its runs was published. */
  readonly updatedAt: Date
}

export interface EntryFilter {
  readonly trackDigest?: string | undefined
  readonly specDigest?: string | undefined
  readonly dataset?: string | undefined
  readonly method?: string | undefined
  readonly backbone?: string | undefined
  /** Of the entry, which is the weakest of its runs'. */
  readonly tier?: RunTier | undefined
  /** With at least one run of this backend. */
  readonly backend?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

const summary = {
  id: entries.id,
  trackDigest: entries.trackDigest,
  specDigest: entries.specDigest,
  name: specs.name,
  method: specs.method,
  backbone: specs.backbone,
  head: specs.head,
  dataset: tracks.dataset,
  exits: specs.exits,
  runs: sql<number>`(select count(*)::int from ${runs} where ${runs.entryId} = ${entries.id})`,
  tier: entryAggregates.tier,
  backends: entryAggregates.backends,
  synthetic: entryAggregates.synthetic,
  publishedAt: entries.publishedAt,
  updatedAt: entryAggregates.publishedAt,
}

/** Newest first, in one query. */
export async function listEntries(db: Db, filter: EntryFilter = {}): Promise<Page<EntrySummary>> {
  const limit = pageSize(filter.limit)
  const rows = await db
    .select(summary)
    .from(entries)
    .innerJoin(entryAggregates, eq(entryAggregates.entryId, entries.id))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .innerJoin(tracks, eq(tracks.digest, entries.trackDigest))
    .where(and(...conditions(db, filter), behind(entries.publishedAt, entries.id, filter.cursor)))
    .orderBy(desc(entries.publishedAt), desc(entries.id))
    .limit(limit + 1)
  return toPage(rows, limit)
}

function conditions(db: Db, filter: EntryFilter): SQL[] {
  const found: SQL[] = []
  if (filter.trackDigest !== undefined) found.push(eq(entries.trackDigest, filter.trackDigest))
  if (filter.specDigest !== undefined) found.push(eq(entries.specDigest, filter.specDigest))
  if (filter.dataset !== undefined) found.push(eq(tracks.dataset, filter.dataset))
  if (filter.method !== undefined) found.push(eq(specs.method, filter.method))
  if (filter.backbone !== undefined) found.push(eq(specs.backbone, filter.backbone))
  if (filter.tier !== undefined) found.push(eq(entryAggregates.tier, filter.tier))
  if (filter.backend !== undefined) {
    const own = db
      .select({ one: sql`1` })
      .from(runs)
      .where(and(eq(runs.entryId, entries.id), eq(runs.backend, filter.backend)))
    found.push(exists(own))
  }
  return found
}

export interface EntryDetail extends EntrySummary {
  readonly track: Track
  readonly spec: SpecFrame
}

/** An entry with its documents; undefined where there is none of that id. */
export async function findEntry(db: Db, id: string): Promise<EntryDetail | undefined> {
  if (!idPatterns.entry.test(id)) return undefined
  const [row] = await db
    .select({ ...summary, track: tracks.document, spec: specs.document })
    .from(entries)
    .innerJoin(entryAggregates, eq(entryAggregates.entryId, entries.id))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .innerJoin(tracks, eq(tracks.digest, entries.trackDigest))
    .where(eq(entries.id, id))
  return row
}
