import { fewestRankedSeeds } from '@mate-bench/stats'
import { inArray, max, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { entryAggregates } from '../schema/index.ts'
import { hasDisputedRun } from './verdicts.ts'

/** What a reader wants to know of a track before opening it. */
export interface TrackHighlights {
  readonly trackDigest: string
  /** When the latest of its runs was published. */
  readonly changedAt: Date
  /**
   * The exit with the highest mean top-1, of entries with several seeds where there are any; null where every entry is
   * disputed.
   */
  readonly best: {
    readonly entryId: string
    readonly name: string
    readonly k: number
    /** Mean over seeds, a share. */
    readonly top1: number
    readonly sequentialMacs: number
    readonly seeds: number
  } | null
}

/** The highlights of these tracks, in two queries. */
export async function trackHighlights(db: Db, trackDigests: readonly string[]): Promise<TrackHighlights[]> {
  if (trackDigests.length === 0) return []
  const wanted = inArray(entryAggregates.trackDigest, [...trackDigests])
  const { trackDigest, aggregate } = entryAggregates
  const changes = await db
    .select({ trackDigest, changedAt: max(entryAggregates.publishedAt) })
    .from(entryAggregates)
    .where(wanted)
    .groupBy(trackDigest)
  const exits = sql`json_array_elements(${aggregate} -> 'exits')`
  const mean = sql<number>`(exit.value -> 'top1' ->> 'mean')::float8`
  const seeds = sql<number>`json_array_length(${aggregate} -> 'runs')`
  const best = await db
    .selectDistinctOn([trackDigest], {
      trackDigest,
      entryId: entryAggregates.entryId,
      name: sql<string>`${aggregate} ->> 'specName'`,
      k: sql<number>`(exit.value ->> 'k')::int`,
      top1: mean,
      sequentialMacs: sql<number>`(exit.value ->> 'sequentialMacs')::float8`,
      seeds,
    })
    .from(entryAggregates)
    .crossJoin(sql`${exits} as exit(value)`)
    .where(sql`${wanted} and not ${hasDisputedRun(entryAggregates.entryId)}`)
    .orderBy(
      trackDigest,
      sql`${seeds} >= ${fewestRankedSeeds} desc`,
      sql`${mean} desc`,
      sql`(exit.value ->> 'sequentialMacs')::float8`,
      entryAggregates.entryId,
    )
  const bestOf = new Map(best.map(({ trackDigest: track, ...exit }) => [track, exit]))
  return changes.flatMap(({ trackDigest: track, changedAt }) =>
    changedAt === null ? [] : [{ trackDigest: track, changedAt, best: bestOf.get(track) ?? null }],
  )
}
