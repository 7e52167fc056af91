import { doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea } from './columns.ts'
import { entries } from './entries.ts'
import { tracks } from './tracks.ts'

/**
 * Top-1 of each entry's exits in every bootstrap resample: the firmness of the frontier is counted from it. An entry's own
 * runs alone decide over it, so a run that is published changes no other entry's rows.
 */
export const exitResamples = pgTable(
  'exit_resamples',
  {
    entryId: text('entry_id')
      .notNull()
      .references(() => entries.id, { onDelete: 'cascade' }),
    /** 1 is the shallowest exit. */
    k: integer('k').notNull(),
    trackDigest: text('track_digest')
      .notNull()
      .references(() => tracks.digest),
    sequentialMacs: doublePrecision('sequential_macs').notNull(),
    /** Mean top-1 over the seeds that count, and how many they are. */
    mean: doublePrecision('mean').notNull(),
    seeds: integer('seeds').notNull(),
    /** Of all resamples. */
    lowest: doublePrecision('lowest').notNull(),
    highest: doublePrecision('highest').notNull(),
    /** float32, little-endian: one a resample. */
    top1: bytea('top1').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.entryId, table.k] }),
    index('exit_resamples_track').on(table.trackDigest, table.sequentialMacs),
  ],
)
