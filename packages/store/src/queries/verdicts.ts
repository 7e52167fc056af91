import { and, desc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { isWithdrawn } from '../ledger/seed-standing.ts'
import {
  entries,
  entryAggregates,
  type exitResamples,
  type RunTier,
  runs,
  verdicts,
} from '../schema/index.ts'
import type { Verdict } from '../verdicts/record-verdict.ts'
import { behind, type Page, pageSize, toPage } from './cursor.ts'

/** A verdict as pages and lists show it: without the manifest of the repeated training and what was signed. */
export type VerdictSummary = Omit<Verdict, 'manifest' | 'manifestDigest' | 'envelope'>

const summary = {
  id: verdicts.id,
  runId: verdicts.runId,
  check: verdicts.check,
  verdict: verdicts.verdict,
  effect: verdicts.effect,
  summary: verdicts.summary,
  cause: verdicts.cause,
  evidence: verdicts.evidence,
  checker: verdicts.checker,
  thirdParty: verdicts.thirdParty,
  worker: verdicts.worker,
  place: verdicts.place,
  submissionId: verdicts.submissionId,
  key: verdicts.key,
  standing: verdicts.standing,
  createdAt: verdicts.createdAt,
  ruling: verdicts.ruling,
  ruledBy: verdicts.ruledBy,
  ruledAt: verdicts.ruledAt,
  rulingNote: verdicts.rulingNote,
}

/** Newest first. */
export async function verdictsOfRuns(db: Db, runIds: readonly string[]): Promise<VerdictSummary[]> {
  if (runIds.length === 0) return []
  return await db
    .select(summary)
    .from(verdicts)
    .where(inArray(verdicts.runId, [...runIds]))
    .orderBy(desc(verdicts.createdAt), desc(verdicts.id))
}

/** Those of one run, newest first, a page at a time. */
export async function pageVerdicts(
  db: Db,
  runId: string,
  { limit: wanted, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
): Promise<Page<VerdictSummary>> {
  const limit = pageSize(wanted)
  const rows = await db
    .select(summary)
    .from(verdicts)
    .where(and(eq(verdicts.runId, runId), behind(verdicts.createdAt, verdicts.id, cursor)))
    .orderBy(desc(verdicts.createdAt), desc(verdicts.id))
    .limit(limit + 1)
  return toPage(
    rows.map((row) => ({ ...row, publishedAt: row.createdAt })),
    limit,
  )
}

/** A verdict with what a table says of its run. */
export interface RunVerdict extends VerdictSummary {
  readonly seed: number
  /** Of the run. */
  readonly tier: RunTier
}

/** Of all runs on a track, newest first; without those that neither raised nor disputed anything. */
export async function verdictsOfTrack(db: Db, trackDigest: string): Promise<RunVerdict[]> {
  return await db
    .select({ ...summary, seed: runs.seed, tier: runs.tier })
    .from(verdicts)
    .innerJoin(runs, eq(runs.id, verdicts.runId))
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .where(and(eq(entries.trackDigest, trackDigest), ne(verdicts.effect, 'none')))
    .orderBy(desc(verdicts.createdAt), desc(verdicts.id))
}

/** A verdict with the manifest of the repeated training; undefined where there is none of that id. */
export async function findVerdict(db: Db, id: string): Promise<Verdict | undefined> {
  const [found] = await db.select().from(verdicts).where(eq(verdicts.id, id))
  return found
}

/** The verdict that came of one repeated training, if it was sent before. */
export async function findVerdictOf(
  db: Db,
  runId: string,
  manifestDigest: string,
): Promise<Verdict | undefined> {
  const [found] = await db
    .select()
    .from(verdicts)
    .where(and(eq(verdicts.runId, runId), eq(verdicts.manifestDigest, manifestDigest)))
    .limit(1)
  return found
}

/** Whether a verdict keeps a run from its rank: one that disputes it, and that nobody has dismissed. */
export function isOpenDispute({ effect, ruling }: Pick<Verdict, 'effect' | 'ruling'>): boolean {
  return effect === 'disputes' && ruling !== 'dismissed'
}

/** `isOpenDispute` of any verdict of a run, in SQL. */
export const isDisputed = sql<boolean>`exists (
  select from ${verdicts} where ${verdicts.runId} = ${runs.id}
    and ${verdicts.effect} = 'disputes' and ${verdicts.ruling} is distinct from 'dismissed')`

/**
 * Whether a run that an entry counts is disputed, where the entry's id is that of a query around it. A repeat, a run behind a
 * gap or one that was withdrawn changes no number of the entry, so a dispute of it takes no rank.
 *
 * It starts at the disputes, which are few, and is evaluated once a query, not once an entry.
 */
export function hasDisputedRun(
  entryId: typeof entryAggregates.entryId | typeof exitResamples.entryId,
): SQL<boolean> {
  return sql<boolean>`(${entryId} in (
    select ${runs.entryId} from ${verdicts} inner join ${runs} on ${runs.id} = ${verdicts.runId}
    where ${verdicts.effect} = 'disputes' and ${verdicts.ruling} is distinct from 'dismissed' and not ${isWithdrawn} and exists (
      select from ${entryAggregates} as own where own.entry_id = ${runs.entryId}
        and own.aggregate::jsonb -> 'runs' @> jsonb_build_array(jsonb_build_object('runId', ${runs.id})))))`
}

/** Runs of an entry that a check disputes. */
export async function disputedRuns(db: Db, entryId: string): Promise<string[]> {
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.entryId, entryId), isDisputed))
    .orderBy(runs.id)
  return rows.map(({ id }) => id)
}
