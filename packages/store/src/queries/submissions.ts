import { randomBytes } from 'node:crypto'
import { idPatterns, type SpecFrame } from '@mate-bench/schema'
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { recordEvent, type Submission, submissionNotFound } from '../queue/submission-states.ts'
import {
  type SubmissionKind,
  type SubmissionState,
  submissionEvents,
  submissionLog,
  submissionRuns,
  submissions,
} from '../schema/index.ts'
import { storableText } from '../storable-text.ts'
import { behind, type Page, pageSize, toPage } from './cursor.ts'

export interface NewSubmission {
  readonly spec: SpecFrame
  readonly specDigest: string
  readonly totalMacs: number
  readonly tokenId: string
  readonly submitter: string
  readonly note?: string | undefined
  /** @default a spec to be trained */
  readonly kind?: SubmissionKind | undefined
  /** The published run that is to be checked. */
  readonly checkedRunId?: string | undefined
}

/** Writes a submission and the first event of its history. */
export async function createSubmission(tx: Db, { note, ...values }: NewSubmission): Promise<Submission> {
  const id = `sub_${randomBytes(10).toString('hex')}`
  const at = sql`clock_timestamp()`
  const [row] = await tx
    .insert(submissions)
    .values({ ...values, id, state: 'submitted', createdAt: at, updatedAt: at })
    .returning()
  if (!row) throw submissionNotFound(id)
  await recordEvent(tx, id, null, { to: 'submitted', actor: values.submitter, note })
  return row
}

export interface SubmissionEvent {
  readonly at: Date
  readonly actor: string
  readonly fromState: SubmissionState | null
  readonly toState: SubmissionState
  readonly note: string | null
}

export interface LogLine {
  readonly at: Date
  readonly line: string
}

/** A submission with all that its page shows. */
export interface SubmissionDetail {
  readonly submission: Submission
  /** Oldest first. */
  readonly history: readonly SubmissionEvent[]
  /** The last lines, oldest first. */
  readonly log: readonly LogLine[]
  /** Published runs that it led to. */
  readonly runIds: readonly string[]
}

/** @throws BenchError `not-found` */
export async function getSubmission(db: Db, id: string, logLines = 100): Promise<SubmissionDetail> {
  if (!idPatterns.submission.test(id)) throw submissionNotFound(id)
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, id))
  if (!submission) throw submissionNotFound(id)
  const history = await db
    .select({
      at: submissionEvents.at,
      actor: submissionEvents.actor,
      fromState: submissionEvents.fromState,
      toState: submissionEvents.toState,
      note: submissionEvents.note,
    })
    .from(submissionEvents)
    .where(eq(submissionEvents.submissionId, id))
    .orderBy(submissionEvents.id)
  const log = await db
    .select({ at: submissionLog.at, line: submissionLog.line })
    .from(submissionLog)
    .where(eq(submissionLog.submissionId, id))
    .orderBy(desc(submissionLog.id))
    .limit(logLines)
  const runRows = await db
    .select({ runId: submissionRuns.runId })
    .from(submissionRuns)
    .where(eq(submissionRuns.submissionId, id))
    .orderBy(submissionRuns.runId)
  return { submission, history, log: log.reverse(), runIds: runRows.map(({ runId }) => runId) }
}

export interface SubmissionFilter {
  readonly states?: readonly SubmissionState[] | undefined
  readonly specDigest?: string | undefined
  readonly kind?: SubmissionKind | undefined
  readonly checkedRunId?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/** Newest first. */
export async function listSubmissions(db: Db, filter: SubmissionFilter = {}): Promise<Page<Submission>> {
  const limit = pageSize(filter.limit)
  const conditions: (SQL | undefined)[] = [behind(submissions.createdAt, submissions.id, filter.cursor)]
  if (filter.states) conditions.push(inArray(submissions.state, [...filter.states]))
  if (filter.specDigest !== undefined) conditions.push(eq(submissions.specDigest, filter.specDigest))
  if (filter.kind !== undefined) conditions.push(eq(submissions.kind, filter.kind))
  if (filter.checkedRunId !== undefined) conditions.push(eq(submissions.checkedRunId, filter.checkedRunId))
  const rows = await db
    .select()
    .from(submissions)
    .where(and(...conditions))
    .orderBy(desc(submissions.createdAt), desc(submissions.id))
    .limit(limit + 1)
  // A list pages by when its rows came to be known.
  return toPage(
    rows.map((row) => ({ ...row, publishedAt: row.createdAt })),
    limit,
  )
}

/** Adds lines to what the submission's page shows. */
export async function appendLog(db: Db, submissionId: string, lines: readonly LogLine[]): Promise<void> {
  if (lines.length === 0) return
  await db
    .insert(submissionLog)
    .values(lines.map(({ at, line }) => ({ submissionId, at, line: storableText(line) })))
}
