import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { specs } from './specs.ts'
import { tracks } from './tracks.ts'

/** What a leaderboard row shows: the runs of one experiment on one track. */
export const entries = pgTable(
  'entries',
  {
    /** Follows from track and experiment: see `entryIdOf`. */
    id: text('id').primaryKey(),
    trackDigest: text('track_digest')
      .notNull()
      .references(() => tracks.digest),
    /** Of the spec without name, description and seeds: see `digestExperiment`. */
    experimentDigest: text('experiment_digest').notNull(),
    /** The spec that labels it: of the run that was added last, of those that count. */
    specDigest: text('spec_digest')
      .notNull()
      .references(() => specs.digest),
    /** When its first run was published. */
    publishedAt: instant('published_at').notNull(),
  },
  (table) => [
    uniqueIndex('entries_track_experiment').on(table.trackDigest, table.experimentDigest),
    index('entries_track').on(table.trackDigest, table.publishedAt, table.id),
    index('entries_spec').on(table.specDigest),
    index('entries_published').on(table.publishedAt, table.id),
  ],
)
