import { integer, json, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { tracks } from './tracks.ts'

/** How much is on a track, written with every run that is published on it. */
export const trackAggregates = pgTable('track_aggregates', {
  trackDigest: text('track_digest')
    .primaryKey()
    .references(() => tracks.digest, { onDelete: 'cascade' }),
  entries: integer('entries').notNull(),
  runs: integer('runs').notNull(),
  /** Of the latest run. */
  publishedAt: instant('published_at').notNull(),
  /** By entry id, how firmly each exit is on the frontier; empty for tracks that are too large to tell. */
  frontierShares: json('frontier_shares').$type<Readonly<Record<string, readonly number[]>>>().notNull(),
})
