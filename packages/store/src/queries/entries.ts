import { idPatterns, type SpecFrame, type Track } from '@mate-bench/schema'
import { and, desc, eq, exists, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { isWithdrawn } from '../ledger/seed-standing.ts'
import { entries, entryAggregates, type RunTier, runs, specs, tracks } from '../schema/index.ts'
import { behind, type Page, pageSize, toPage } from './cursor.ts'
import { hasDisputedRun } from './verdicts.ts'

export interface EntrySummary {
  readonly id: string
  readonly trackDigest: string
  /** Of the spec without name, description and seeds. */
  readonly experimentDigest: string
  /** Of the spec that labels the entry. */
  readonly specDigest: string
  readonly name: string
  readonly method: string
  readonly backbone: string
  readonly head: string
  readonly dataset: string
  readonly exits: number
  /** Those that count. */
  readonly runs: number
  /** The weakest of its runs': an entry is checked as far as all of it is. */
  readonly tier: RunTier
  readonly backends: readonly string[]
  readonly synthetic: boolean
  /** Whether a check disputes one of its runs. */
  readonly disputed: boolean
  /** When its first run was published. */
  readonly publishedAt: Date
  /** When the latest of its runs was published. */
  readonly updatedAt: Date
}

export interface EntryFilter {
  readonly trackDigest?: string | undefined
  /** That at least one of its runs came of. */
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
  experimentDigest: entries.experimentDigest,
  specDigest: entries.specDigest,
  name: specs.name,
  method: specs.method,
  backbone: specs.backbone,
  head: specs.head,
  dataset: tracks.dataset,
  exits: specs.exits,
  runs: sql<number>`(select count(*)::int from ${runs} where ${runs.entryId} = ${entries.id} and not ${isWithdrawn})`,
  tier: entryAggregates.tier,
  backends: entryAggregates.backends,
  synthetic: entryAggregates.synthetic,
  disputed: hasDisputedRun(entryAggregates.entryId),
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
  if (filter.dataset !== undefined) found.push(eq(tracks.dataset, filter.dataset))
  if (filter.method !== undefined) found.push(eq(specs.method, filter.method))
  if (filter.backbone !== undefined) found.push(eq(specs.backbone, filter.backbone))
  if (filter.tier !== undefined) found.push(eq(entryAggregates.tier, filter.tier))
  const withRun = (wanted: SQL) => {
    const own = db.select({ one: sql`1` }).from(runs)
    found.push(exists(own.where(and(eq(runs.entryId, entries.id), wanted))))
  }
  if (filter.specDigest !== undefined) withRun(eq(runs.specDigest, filter.specDigest))
  if (filter.backend !== undefined) withRun(eq(runs.backend, filter.backend))
  return found
}

export interface EntryDetail extends EntrySummary {
  readonly track: Track
  readonly spec: SpecFrame
}

/**
 * An entry with its documents, by its id or by one that it had when each spec made an entry: then `id` of the answer is
 * another than that asked for. Undefined where there is none of that id.
 */
export async function findEntry(db: Db, id: string): Promise<EntryDetail | undefined> {
  if (!idPatterns.entry.test(id)) return undefined
  const former = db.select({ id: runs.entryId }).from(runs).where(eq(runs.formerEntryId, id)).limit(1)
  const [row] = await db
    .select({ ...summary, track: tracks.document, spec: specs.document })
    .from(entries)
    .innerJoin(entryAggregates, eq(entryAggregates.entryId, entries.id))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .innerJoin(tracks, eq(tracks.digest, entries.trackDigest))
    .where(or(eq(entries.id, id), eq(entries.id, former)))
  return row
}

/** An entry of which every run was withdrawn: it is in no table, and its page says what became of it. */
export type WithdrawnEntry = Pick<
  EntrySummary,
  'id' | 'name' | 'method' | 'backbone' | 'dataset' | 'experimentDigest'
>

/** Undefined for an entry that is in a table, and where there is none of that id. */
export async function findWithdrawnEntry(
  db: Pick<Db, 'select'>,
  id: string,
): Promise<WithdrawnEntry | undefined> {
  if (!idPatterns.entry.test(id)) return undefined
  const { name, method, backbone, dataset, experimentDigest } = summary
  const [row] = await db
    .select({ id: entries.id, name, method, backbone, dataset, experimentDigest })
    .from(entries)
    .innerJoin(runs, eq(runs.entryId, entries.id))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .innerJoin(tracks, eq(tracks.digest, entries.trackDigest))
    .leftJoin(entryAggregates, eq(entryAggregates.entryId, entries.id))
    .where(and(eq(entries.id, id), isNull(entryAggregates.entryId)))
    .limit(1)
  return row
}
