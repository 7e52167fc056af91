import type { EntryAggregate } from '@mate-bench/stats'
import { boolean, index, integer, json, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { entries } from './entries.ts'
import type { RunTier } from './tiers.ts'
import { tracks } from './tracks.ts'

/**
 * What a table shows of each entry, written with every run of it that is published: resampling takes seconds, and a
 * reader shall not wait for it. All of it follows from the entry's runs.
 */
export const entryAggregates = pgTable(
  'entry_aggregates',
  {
    entryId: text('entry_id')
      .primaryKey()
      .references(() => entries.id, { onDelete: 'cascade' }),
    trackDigest: text('track_digest')
      .notNull()
      .references(() => tracks.digest),
    /** The weakest of its runs': an entry is checked as far as all of it is. */
    tier: text('tier').$type<RunTier>().notNull(),
    backends: json('backends').$type<readonly string[]>().notNull(),
    synthetic: boolean('synthetic').notNull(),
    /** Of the latest of its runs. */
    publishedAt: instant('published_at').notNull(),
    /** Digest of its runs and their tiers, and the version of the statistics: where they differ, the row is stale. */
    madeOf: text('made_of').notNull(),
    version: integer('version').notNull(),
    aggregate: json('aggregate').$type<EntryAggregate>().notNull(),
  },
  (table) => [index('entry_aggregates_track').on(table.trackDigest)],
)
