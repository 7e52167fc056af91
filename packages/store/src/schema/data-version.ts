import { sql } from 'drizzle-orm'
import { boolean, check, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/**
 * One row that names the state of everything public. Triggers (migrations `0011` and `0013`) give it a new name in each
 * transaction that writes a row which public pages read, at its very end: whoever sees the name sees the data, and no transaction
 * waits for another one longer than a commit takes.
 */
export const dataVersion = pgTable(
  'data_version',
  {
    one: boolean('one').primaryKey().default(true),
    version: text('version').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  ({ one }) => [check('data_version_one', sql`${one}`)],
)

/** Transactions that have written something public and have not ended; nobody ever sees a row. */
export const dataChanges = pgTable('data_changes', { transaction: text('transaction').primaryKey() })
