import { randomBytes } from 'node:crypto'
import { BenchError, idPatterns, type Ruling } from '@mate-bench/schema'
import { eq, sql } from 'drizzle-orm'
import { lockTrack, refreshAggregates } from '../aggregates/refresh.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { rememberKey } from '../ledger/remember-key.ts'
import { isOpenDispute } from '../queries/verdicts.ts'
import { entries, runs, verdicts } from '../schema/index.ts'
import { earnedTier } from './earned-tier.ts'

export type Verdict = typeof verdicts.$inferSelect

export type NewVerdict = Pick<
  Verdict,
  | 'runId'
  | 'check'
  | 'verdict'
  | 'effect'
  | 'summary'
  | 'cause'
  | 'evidence'
  | 'checker'
  | 'thirdParty'
  | 'worker'
  | 'place'
  | 'manifest'
  | 'submissionId'
> &
  Partial<Pick<Verdict, 'key' | 'envelope' | 'standing'>>

/**
 * Writes a verdict and what follows from it: the run's tier, and the aggregates of its entry. The verdict of a job is
 * written once, however often the job is taken up again, and that of one repeated training once, however often it is sent.
 *
 * @returns undefined where it was written before
 * @throws BenchError `not-found` for a run that is not published
 */
export async function recordVerdict(tx: Transaction, verdict: NewVerdict): Promise<Verdict | undefined> {
  const run = await lockRun(tx, verdict.runId)
  const [written] = await tx
    .insert(verdicts)
    .values({
      ...verdict,
      id: `verdict_${randomBytes(10).toString('hex')}`,
      manifestDigest: verdict.manifest?.manifestDigest ?? null,
      createdAt: sql`clock_timestamp()`,
    })
    .onConflictDoNothing()
    .returning()
  if (written) {
    if (written.key !== null) await rememberKey(tx, written.key, written.createdAt)
    await settle(tx, run, isOpenDispute(written))
  }
  return written
}

export interface RulingOptions {
  readonly id: string
  readonly ruling: Ruling
  /** Who decided. */
  readonly actor: string
  readonly note: string
}

/**
 * Decides about a verdict that took a rank away: `dismissed` gives it back, `upheld` leaves it at that. The last word counts.
 *
 * @throws BenchError `not-found`; `conflict` for a verdict that disputes nothing
 */
export async function ruleOnVerdict(db: Db, { id, ruling, actor, note }: RulingOptions): Promise<Verdict> {
  return await db.transaction(async (tx) => {
    const found = idPatterns.verdict.test(id)
      ? await tx.select().from(verdicts).where(eq(verdicts.id, id))
      : []
    const [present] = found
    if (!present) {
      throw new BenchError({
        code: 'not-found',
        message: `There is no verdict ${id.slice(0, 80)}.`,
        hint: 'A run’s page and `mate-bench verdict list RUN` show their ids: verdict_ and 20 hex digits.',
      })
    }
    if (present.effect !== 'disputes') {
      throw new BenchError({
        code: 'conflict',
        message: `The verdict ${id} took no rank away: there is nothing to decide.`,
      })
    }
    const run = await lockRun(tx, present.runId)
    const [ruled] = await tx
      .update(verdicts)
      .set({ ruling, ruledBy: actor, rulingNote: note, ruledAt: sql`clock_timestamp()` })
      .where(eq(verdicts.id, id))
      .returning()
    await settle(tx, run, isOpenDispute(ruled ?? present) !== isOpenDispute(present))
    return ruled ?? present
  })
}

type HeldRun = Pick<typeof runs.$inferSelect, 'id' | 'tier' | 'entryId'> & { readonly trackDigest: string }

/** The track first, as whoever publishes does: none waits for the other in turn. */
async function lockRun(tx: Transaction, runId: string): Promise<HeldRun> {
  const [run] = await tx
    .select({ id: runs.id, tier: runs.tier, entryId: runs.entryId, trackDigest: entries.trackDigest })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .where(eq(runs.id, runId))
  if (!run) throw new BenchError({ code: 'not-found', message: `There is no run ${runId.slice(0, 80)}.` })
  await lockTrack(tx, run.trackDigest)
  return run
}

/** @param disputeChanged whether a dispute of the run was opened or closed: without one, only a new tier changes a table */
async function settle(
  tx: Transaction,
  { id, entryId, trackDigest }: HeldRun,
  disputeChanged: boolean,
): Promise<void> {
  // Read again: another verdict may have been written before the track was held.
  const [run] = await tx.select({ tier: runs.tier }).from(runs).where(eq(runs.id, id))
  const own = await tx
    .select({ check: verdicts.check, effect: verdicts.effect, thirdParty: verdicts.thirdParty })
    .from(verdicts)
    .where(eq(verdicts.runId, id))
  const tier = run && earnedTier(run.tier, own)
  if (tier !== run?.tier) await tx.update(runs).set({ tier }).where(eq(runs.id, id))
  if (disputeChanged || tier !== run?.tier) await refreshAggregates(tx, trackDigest, [entryId])
}
