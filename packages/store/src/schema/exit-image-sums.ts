import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea } from './columns.ts'
import { entries } from './entries.ts'

/**
 * How many of an entry's runs get each test image right, at each exit and for the ensemble (k = 0): what any two entries
 * are compared by. It follows from the entry's runs.
 */
export const exitImageSums = pgTable(
  'exit_image_sums',
  {
    entryId: text('entry_id')
      .notNull()
      .references(() => entries.id, { onDelete: 'cascade' }),
    /** 1 is the shallowest exit, 0 the ensemble. */
    k: integer('k').notNull(),
    /** Bit planes as `sumOverRuns` gives them, one after the other: uint32, little-endian. */
    planes: bytea('planes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.entryId, table.k] })],
)
