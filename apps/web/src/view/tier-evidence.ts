import { isOpenDispute, type RunTier, type RunVerdict, type VerdictSummary } from '@mate-bench/store'

type Evidence = Pick<
  VerdictSummary,
  'check' | 'effect' | 'ruling' | 'summary' | 'thirdParty' | 'checker' | 'worker' | 'place' | 'createdAt'
>

/** What each tier rests on where no verdict says more. */
const atPublication: Readonly<Record<RunTier, string>> = {
  reported: 'as its author sent it',
  recomputed: 'every number follows from the predictions, and the weights gave them on a sample of images',
  're-evaluated': 'the published weights were run on every image',
  retrained: 'the spec was trained again',
  'third-party': 'somebody else trained the spec again',
}

/**
 * In one line what a run's tier rests on: the check that is in its way, else the newest one that earned the tier.
 *
 * @param verdicts of the run, newest first
 */
export function tierEvidence(tier: RunTier, verdicts: readonly Evidence[]): string {
  const dispute = verdicts.find(isOpenDispute)
  if (dispute) return `a check failed: ${dispute.summary}`
  const earned = verdicts.find((verdict) => verdict.effect === 'raises' && earns(verdict) === tier)
  return earned ? `${earned.summary} (${madeBy(earned)}, ${dayOf(earned)})` : atPublication[tier]
}

/** The tier that a passed check earns. */
function earns({ check, thirdParty }: Evidence): RunTier {
  if (check === 're-evaluation') return 're-evaluated'
  return thirdParty ? 'third-party' : 'retrained'
}

/** Who made a check, and on what. */
export function madeBy({ worker, checker, place }: Pick<Evidence, 'worker' | 'checker' | 'place'>): string {
  return `${worker === null ? `by ${checker}` : `worker ${worker}`} with ${place.backend}`
}

function dayOf({ createdAt }: Evidence): string {
  return createdAt.toISOString().slice(0, 10)
}

/**
 * In one line what an entry's tier rests on, which is the weakest of its runs'.
 *
 * @param runs how many it has
 * @param verdicts of its runs, newest first
 */
export function entryEvidence(
  tier: RunTier,
  runs: number,
  verdicts: readonly (Evidence & Pick<RunVerdict, 'runId' | 'seed' | 'tier'>)[],
): string {
  const shown = verdicts.find(isOpenDispute) ?? verdicts.find((verdict) => verdict.tier === tier)
  if (!shown) return atPublication[tier]
  const own = verdicts.filter(({ runId }) => runId === shown.runId)
  return `${runs === 1 ? '' : `seed ${shown.seed} of ${runs}: `}${tierEvidence(shown.tier, own)}`
}
