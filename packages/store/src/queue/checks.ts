import { BenchError, type CheckKind } from '@mate-bench/schema'
import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { createSubmission, type NewSubmission } from '../queries/submissions.ts'
import { runs, submissions } from '../schema/index.ts'
import type { Submission } from './submission-states.ts'

export interface CheckRequest extends Omit<NewSubmission, 'kind' | 'checkedRunId'> {
  readonly check: CheckKind
  readonly runId: string
}

/** Of a check that will give a verdict, if nothing comes in between. */
const underWay = ['submitted', 'approved', 'queued', 'running'] as const

/**
 * Asks for a check of a published run. One that is asked for while the same is under way is that one.
 *
 * @throws BenchError `not-found` for a run that is not published
 */
export async function requestCheck(
  tx: Transaction,
  { check, runId, ...submission }: CheckRequest,
): Promise<{ readonly submission: Submission; readonly isNew: boolean }> {
  // Held until the transaction ends, so that two that ask at once get one check.
  const [run] = await tx.select({ id: runs.id }).from(runs).where(eq(runs.id, runId)).for('no key update')
  if (!run) throw new BenchError({ code: 'not-found', message: `There is no run ${runId.slice(0, 80)}.` })
  const [present] = await tx
    .select()
    .from(submissions)
    .where(
      and(
        eq(submissions.checkedRunId, runId),
        eq(submissions.kind, check),
        inArray(submissions.state, [...underWay]),
      ),
    )
    .limit(1)
  if (present) return { submission: present, isNew: false }
  const created = await createSubmission(tx, { ...submission, kind: check, checkedRunId: runId })
  return { submission: created, isNew: true }
}
