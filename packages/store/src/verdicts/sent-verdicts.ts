import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { verdicts } from '../schema/index.ts'

/** Repeated trainings that one person may send for one run: nobody needs more to show what it gives. */
export const mostSentPerRun = 3

/** And for all runs together within 24 hours. */
export const mostSentPerDay = 10

/**
 * Which limit of repeated trainings somebody has reached, by what they sent before. Until the transaction ends nothing else
 * of theirs is counted, so that many at once are no way round it.
 */
export async function sentLimitReached(
  tx: Transaction,
  { runId, checker }: { readonly runId: string; readonly checker: string },
): Promise<'run' | 'day' | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sent-verdicts ${checker}`}, 0))`)
  const isSent = and(eq(verdicts.checker, checker), isNull(verdicts.worker), isNull(verdicts.submissionId))
  const ofDay = gt(verdicts.createdAt, sql`clock_timestamp() - interval '1 day'`)
  const [found] = await tx
    .select({
      run: sql<number>`count(*) filter (where ${eq(verdicts.runId, runId)})`.mapWith(Number),
      day: sql<number>`count(*) filter (where ${ofDay})`.mapWith(Number),
    })
    .from(verdicts)
    .where(isSent)
  if (!found) return undefined
  if (found.run >= mostSentPerRun) return 'run'
  return found.day >= mostSentPerDay ? 'day' : undefined
}
