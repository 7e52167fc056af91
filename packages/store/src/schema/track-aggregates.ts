import { integer, json, pgTable, text } from 'drizzle-orm/pg-core'
import { tracks } from './tracks.ts'

/** How much is on a track, written with every run that is published on it. */
export const trackAggregates = pgTable('track_aggregates', {
  trackDigest: text('track_digest')
    .primaryKey()
    .references(() => tracks.digest, { onDelete: 'cascade' }),
  entries: integer('entries').notNull(),
  runs: integer('runs').notNull(),
  /** Digest of what the aggregates of all its entries are made of. */
  version: text('version').notNull(),
  /** By entry id, how firmly each exit is on the frontier; without the entries that are on it in no resample. */
  frontierShares: json('frontier_shares').$type<Readonly<Record<string, readonly number[]>>>().notNull(),
})
