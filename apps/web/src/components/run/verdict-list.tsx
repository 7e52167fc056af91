import { shortKey } from '@mate-bench/provenance'
import type { VerdictStanding } from '@mate-bench/schema'
import { isOpenDispute, type VerdictSummary } from '@mate-bench/store'
import { dateTime } from '../../view/numbers.ts'
import { madeBy } from '../../view/tier-evidence.ts'

/** Why what was sent in raises nothing. */
const whyNothing: Readonly<Partial<Record<VerdictStanding, string>>> = {
  maker: ', who made the run',
  unsigned: ' (does not raise the tier: the verdict is not signed)',
  unregistered: ' (does not raise the tier: the training was not registered in the ledger before it began)',
  'maker-unknown': ' (does not raise the tier: the site does not know who made the run)',
}

/** Why what was sent in is no third party's. */
function whyNone({ standing, effect }: VerdictSummary): string {
  // What raises nothing has no need to say why it raises no further.
  if (effect === 'none') return standing === null ? '' : (whyNothing[standing] ?? '')
  switch (standing) {
    case 'site':
      return ', who runs the site'
    case 'unsigned':
      return ' (no third party: the verdict is not signed)'
    case 'run-unsigned':
      return ' (no third party: the run is not signed)'
    default:
      return ''
  }
}

/** Every check of a run: how it ended, how far off, who made it, where and when, and what was decided about it. */
export function VerdictList({ verdicts }: { readonly verdicts: readonly VerdictSummary[] }) {
  if (verdicts.length === 0) return <p className="text-soft">Nobody has checked it since it was published.</p>
  return (
    <ol className="card divide-y divide-line">
      {verdicts.map((verdict) => (
        <li key={verdict.id} id={verdict.id} className="px-4 py-2.5">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className={`font-semibold ${verdict.effect === 'disputes' ? 'text-bad' : ''}`}>
              {verdict.check}: {verdict.verdict}
            </span>
            <span>{verdict.summary}</span>
          </p>
          {verdict.cause === null ? null : (
            <p className="wrap-anywhere text-[0.92rem]">
              {verdict.check === 'retraining' ? 'Most likely cause: ' : ''}
              {verdict.cause}
            </p>
          )}
          <p className="text-[0.9rem] text-soft">
            {dateTime(verdict.createdAt.toISOString())}, {madeBy(verdict)} on {verdict.place.cpu}
            {verdict.worker === null ? '' : `, asked for by ${verdict.checker}`}
            {verdict.thirdParty ? ', a third party' : whyNone(verdict)}
            {verdict.key === null ? '' : `, signed with ${shortKey(verdict.key)}`}
            {'. '}
            <a className="link" href={`/api/v1/verdicts/${verdict.id}`}>
              All of it
            </a>
          </p>
          {verdict.ruling === null ? (
            isOpenDispute(verdict) ? (
              <p className="text-bad">
                Disputed until an operator rules on it: an entry that counts this run has no rank.
              </p>
            ) : null
          ) : (
            <p>
              {verdict.ruling === 'upheld' ? 'Upheld' : 'Dismissed'} by {verdict.ruledBy}:{' '}
              {verdict.rulingNote}
            </p>
          )}
        </li>
      ))}
    </ol>
  )
}
