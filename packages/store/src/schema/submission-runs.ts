import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { runs } from './runs.ts'
import { submissions } from './submissions.ts'

/** Which runs came of which submission. */
export const submissionRuns = pgTable(
  'submission_runs',
  {
    submissionId: text('submission_id')
      .notNull()
      .references(() => submissions.id, { onDelete: 'cascade' }),
    runId: text('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.submissionId, table.runId] }),
    index('submission_runs_run').on(table.runId),
  ],
)
