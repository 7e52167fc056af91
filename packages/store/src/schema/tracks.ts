import type { Track } from '@mate-bench/schema'
import { index, json, pgTable, text } from 'drizzle-orm/pg-core'

/** What must be equal for entries to share a table. */
export const tracks = pgTable(
  'tracks',
  {
    digest: text('digest').primaryKey(),
    dataset: text('dataset').notNull(),
    /** `json`, not `jsonb`: the members keep their order and the numbers their digits. */
    document: json('document').$type<Track>().notNull(),
  },
  (table) => [index('tracks_dataset').on(table.dataset)],
)
