import { integer, json, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { tracks } from './tracks.ts'

/** An exit of a track that is ahead of all others. */
export interface BestExit {
  readonly entryId: string
  readonly name: string
  readonly k: number
  /** Mean over seeds, a share. */
  readonly top1: number
  readonly sequentialMacs: number
  readonly seeds: number
}

/** What is on a track in short, written with every run that is published on it. */
export const trackAggregates = pgTable('track_aggregates', {
  trackDigest: text('track_digest')
    .primaryKey()
    .references(() => tracks.digest, { onDelete: 'cascade' }),
  entries: integer('entries').notNull(),
  runs: integer('runs').notNull(),
  /** Digest of what the aggregates of all its entries are made of. */
  version: text('version').notNull(),
  /** When the latest of its runs was published. */
  changedAt: instant('changed_at').notNull(),
  /** The highest mean top-1, of entries with several seeds where there are any; null where a check disputes every entry. */
  best: json('best').$type<BestExit>(),
  /** By entry id, how firmly each exit is on the frontier; without the entries that are on it in no resample. */
  frontierShares: json('frontier_shares').$type<Readonly<Record<string, readonly number[]>>>().notNull(),
})
