import { bigint, index, integer, json, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { submissions } from './submissions.ts'

export const trainingJobStates = [
  'waiting',
  'submitted',
  'running',
  'succeeded',
  'failed',
  'cancelled',
] as const
export type TrainingJobState = (typeof trainingJobStates)[number]

/** A run of a submission that a batch service trains: one seed, one job. */
export const trainingJobs = pgTable(
  'training_jobs',
  {
    /** The id that the run will have once it is published. */
    runId: text('run_id').primaryKey(),
    submissionId: text('submission_id')
      .notNull()
      .references(() => submissions.id, { onDelete: 'cascade' }),
    seed: bigint('seed', { mode: 'number' }).notNull(),
    state: text('state').$type<TrainingJobState>().notNull(),
    /** The service's own id and latest word. */
    batchJobId: text('batch_job_id'),
    batchStatus: text('batch_status'),
    /** 1 for the first; a retry counts on. */
    attempt: integer('attempt').notNull().default(0),
    logStream: text('log_stream'),
    /** Latest word of the container. */
    progress: json('progress'),
    /** Set when the job has to be ended at the service; the launcher or the reconciler does it. */
    cancelRequestedAt: instant('cancel_requested_at'),
    failure: text('failure'),
    createdAt: instant('created_at').notNull().defaultNow(),
    submittedAt: instant('submitted_at'),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('training_jobs_seed').on(table.submissionId, table.seed),
    uniqueIndex('training_jobs_batch').on(table.batchJobId),
    index('training_jobs_state').on(table.state, table.updatedAt),
  ],
)

/** Ids of the events that were taken in, so that one which is delivered again changes nothing. */
export const batchEvents = pgTable(
  'batch_events',
  {
    id: text('id').primaryKey(),
    receivedAt: instant('received_at').notNull().defaultNow(),
  },
  (table) => [index('batch_events_received').on(table.receivedAt)],
)
