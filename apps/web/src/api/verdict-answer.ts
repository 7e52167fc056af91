import type { VerdictSummary } from '@mate-bench/store'
import type { z } from 'zod'
import type { verdictSchema } from './schemas/verdict.ts'

/** A verdict as lists give it. */
export function verdictAnswer(verdict: VerdictSummary): z.output<typeof verdictSchema> {
  const { id, runId, check, effect, summary, cause, evidence, checker, thirdParty } = verdict
  const { worker, place, submissionId, key, standing, createdAt, ruling, ruledBy, ruledAt, rulingNote } =
    verdict
  return {
    ...{ id, runId, check, verdict: verdict.verdict, effect, summary, cause, evidence, checker, thirdParty },
    ...{ worker, place, submissionId, key, standing, createdAt: createdAt.toISOString() },
    ruling: ruling && {
      ruling,
      by: ruledBy ?? '',
      at: (ruledAt ?? createdAt).toISOString(),
      note: rulingNote ?? '',
    },
  }
}
