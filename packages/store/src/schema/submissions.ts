import type { SpecFrame } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { bigserial, doublePrecision, index, json, pgTable, text } from 'drizzle-orm/pg-core'
import { apiTokens } from './api-tokens.ts'
import { instant } from './columns.ts'
import { runs } from './runs.ts'

export const submissionStates = [
  'submitted',
  'approved',
  'rejected',
  'queued',
  'running',
  'finished',
  'failed',
  'cancelled',
] as const
export type SubmissionState = (typeof submissionStates)[number]

/** What a submission asks for: a spec to be trained, or a published run to be checked. */
export const submissionKinds = ['training', 're-evaluation', 'retraining'] as const
export type SubmissionKind = (typeof submissionKinds)[number]

/** Specs that somebody asked to have trained, and published runs to have checked. */
export const submissions = pgTable(
  'submissions',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<SubmissionKind>().notNull().default('training'),
    /** The published run that is to be checked. */
    checkedRunId: text('checked_run_id').references(() => runs.id, { onDelete: 'set null' }),
    specDigest: text('spec_digest').notNull(),
    spec: json('spec').$type<SpecFrame>().notNull(),
    state: text('state').$type<SubmissionState>().notNull(),
    tokenId: text('token_id').references(() => apiTokens.id, { onDelete: 'set null' }),
    /** Who asked, as shown on the page. */
    submitter: text('submitter').notNull(),
    /** Which launcher has it: `local` for the workers of this database, `aws-batch` for jobs in the cloud. */
    launcher: text('launcher').notNull().default('local'),
    /** MACs of all training and evaluation, for the limit on a submission. */
    totalMacs: doublePrecision('total_macs').notNull(),
    /** Latest word of the worker, for the page that shows progress. */
    progress: json('progress'),
    /** Drawn with it and never published: ids of its runs are made of it, so nobody can have them written down first. */
    runNonce: text('run_nonce').notNull().default(sql`gen_random_uuid()::text`),
    /** Name of the worker that has it. */
    worker: text('worker'),
    /** Set when somebody asked to stop; the worker looks at it between steps. */
    cancelRequestedAt: instant('cancel_requested_at'),
    failure: text('failure'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('submissions_state').on(table.state, table.createdAt, table.id),
    index('submissions_created').on(table.createdAt, table.id),
    index('submissions_spec').on(table.specDigest),
    index('submissions_token').on(table.tokenId),
    index('submissions_checked_run').on(table.checkedRunId),
  ],
)

/** Every change of state, with time and actor. Rows are added and never changed. */
export const submissionEvents = pgTable(
  'submission_events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    submissionId: text('submission_id')
      .notNull()
      .references(() => submissions.id, { onDelete: 'cascade' }),
    at: instant('at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    /** Null for the first. */
    fromState: text('from_state').$type<SubmissionState>(),
    toState: text('to_state').$type<SubmissionState>().notNull(),
    note: text('note'),
  },
  (table) => [index('submission_events_submission').on(table.submissionId, table.id)],
)

/** Lines that the worker wrote; pages show the last ones. */
export const submissionLog = pgTable(
  'submission_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    submissionId: text('submission_id')
      .notNull()
      .references(() => submissions.id, { onDelete: 'cascade' }),
    at: instant('at').notNull().defaultNow(),
    line: text('line').notNull(),
  },
  (table) => [index('submission_log_submission').on(table.submissionId, table.id)],
)
