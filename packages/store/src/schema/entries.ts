import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { specs } from './specs.ts'
import { tracks } from './tracks.ts'

/** What a leaderboard row shows: the runs of one spec on one track. */
export const entries = pgTable(
  'entries',
  {
    /** Follows from track and spec: see `entryIdOf`. */
    id: text('id').primaryKey(),
    trackDigest: text('track_digest')
      .notNull()
      .references(() => tracks.digest),
    specDigest: text('spec_digest')
      .notNull()
      .references(() => specs.digest),
    /** When its first run was published. */
    publishedAt: instant('published_at').notNull(),
  },
  (table) => [
    uniqueIndex('entries_track_spec').on(table.trackDigest, table.specDigest),
    index('entries_track').on(table.trackDigest, table.publishedAt, table.id),
    index('entries_spec').on(table.specDigest),
    index('entries_published').on(table.publishedAt, table.id),
  ],
)
