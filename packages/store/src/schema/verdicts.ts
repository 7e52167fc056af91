import type {
  CheckKind,
  Envelope,
  Manifest,
  Ruling,
  VerdictEffect,
  VerdictEvidence,
  VerdictName,
  VerdictPlace,
  VerdictStanding,
} from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { boolean, index, json, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { runs } from './runs.ts'
import { submissions } from './submissions.ts'

/**
 * How checks of published runs ended: what a run's tier rests on, and what takes its rank away. Rows are added and never
 * changed, but for what an operator decides about one.
 */
export const verdicts = pgTable(
  'verdicts',
  {
    id: text('id').primaryKey(),
    runId: text('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    check: text('check').$type<CheckKind>().notNull(),
    verdict: text('verdict').$type<VerdictName>().notNull(),
    effect: text('effect').$type<VerdictEffect>().notNull(),
    /** One sentence: how far off. */
    summary: text('summary').notNull(),
    /** Most likely cause of a difference. */
    cause: text('cause'),
    evidence: json('evidence').$type<VerdictEvidence>().notNull(),
    /** Who requested the check, or ran it and sent it in. */
    checker: text('checker').notNull(),
    /** Whether that is somebody else than who made the run, by another key, on a machine of theirs. */
    thirdParty: boolean('third_party').notNull(),
    /** Name of the worker that made it; null for what somebody sent in. */
    worker: text('worker'),
    place: json('place').$type<VerdictPlace>().notNull(),
    /** Of the repeated training; null where nothing was trained. */
    manifest: json('manifest').$type<Manifest>(),
    /** Of that manifest. */
    manifestDigest: text('manifest_digest'),
    /** The job that made it. */
    submissionId: text('submission_id').references(() => submissions.id, { onDelete: 'set null' }),
    /** Whose signature the verdict bears; null where nobody signed it. */
    key: text('key'),
    /** What was signed, with the signature. */
    envelope: json('envelope').$type<Envelope>(),
    /** Why it is a third party's or not; null for what the site's workers found. */
    standing: text('standing').$type<VerdictStanding>(),
    createdAt: instant('created_at').notNull(),
    ruling: text('ruling').$type<Ruling>(),
    ruledBy: text('ruled_by'),
    ruledAt: instant('ruled_at'),
    rulingNote: text('ruling_note'),
  },
  (table) => [
    index('verdicts_run').on(table.runId, table.createdAt, table.id),
    index('verdicts_created').on(table.createdAt, table.id),
    /** A job gives one verdict of a kind, however often it is taken up again. */
    uniqueIndex('verdicts_job').on(table.submissionId, table.check),
    /** One training gives one verdict on a run, however often it is sent. */
    uniqueIndex('verdicts_manifest').on(table.runId, table.manifestDigest),
    /** What somebody has sent. */
    index('verdicts_checker').on(table.checker, table.createdAt),
    index('verdicts_disputes').on(table.runId).where(sql`${table.effect} = 'disputes'`),
  ],
)
