import type { ArtifactRole } from '@mate-bench/schema'
import { doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { runs } from './runs.ts'

/** Files of published runs. The bytes are in the artifact store, under their digest. */
export const artifacts = pgTable(
  'artifacts',
  {
    runId: text('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    role: text('role').$type<ArtifactRole>().notNull(),
    /** Place in the manifest's list. */
    position: integer('position').notNull(),
    file: text('file').notNull(),
    mediaType: text('media_type').notNull(),
    bytes: doublePrecision('bytes').notNull(),
    sha256: text('sha256').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.role] }), index('artifacts_sha256').on(table.sha256)],
)
