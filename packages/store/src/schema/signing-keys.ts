import type { Envelope } from '@mate-bench/schema'
import { index, json, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { runs } from './runs.ts'

/** Keys that have signed something here. */
export const signingKeys = pgTable('signing_keys', {
  /** `ed25519:` and the public key's 64 hex digits. */
  key: text('key').primaryKey(),
  /** Whose token it was bound to first; null for a key that is known from the runs that it signed. */
  owner: text('owner'),
  firstSeenAt: instant('first_seen_at').notNull(),
})

/** Who answers for a published run. A run that nobody signed has no row. */
export const runSignatures = pgTable(
  'run_signatures',
  {
    runId: text('run_id')
      .primaryKey()
      .references(() => runs.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    /** What was signed, with the signature: signature.json of the run. */
    envelope: json('envelope').$type<Envelope>().notNull(),
  },
  (table) => [index('run_signatures_key').on(table.key)],
)
