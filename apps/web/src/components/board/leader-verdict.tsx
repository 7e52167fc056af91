import { type Leader, methodsOf } from '../../view/leaders.ts'
import { pEquationText, plural, signedInterval } from '../../view/numbers.ts'
import { VerdictDifference } from './verdict-difference.tsx'

/** How far the leader of a budget is ahead of joint training, and who else might lead. */
export function LeaderVerdict({ leader }: { readonly leader: Leader }) {
  const { isRanked, tied, entry, ranked } = leader
  if (!isRanked) return <>It has one seed, so this is no ranking yet.</>
  return (
    <>
      <AgainstJoint leader={leader} />{' '}
      {tied.length > 0
        ? `It shares rank 1 with ${plural(tied.length, 'other entry', 'other entries')}${tiedMethods(entry.method, tied)}: no significant difference.`
        : ranked > 1
          ? 'Every other entry is significantly behind.'
          : 'There is no other entry to rank it against.'}
    </>
  )
}

function AgainstJoint({ leader: { joint, entry, ranked } }: { readonly leader: Leader }) {
  if (!joint) {
    if (entry.method !== 'joint') return <>There is no joint training to compare it with yet.</>
    return <>Joint training is the baseline: no method beats it here.</>
  }
  const { comparison } = joint
  const p = pEquationText(comparison.adjustedPValue)
  return (
    <>
      That is <VerdictDifference comparison={comparison} /> points {signedInterval(comparison)} against{' '}
      <a className="link" href={`/entries/${joint.entry.id}`}>
        joint training
      </a>
      {comparison.apart
        ? `, ${p}.`
        : `, not significant (${p}${ranked > 2 ? `, corrected for ${ranked} entries` : ''}).`}
    </>
  )
}

const mostNamed = 4

/** ` of byot, mate and 2 more methods`; nothing where all are of the leader's own method. */
function tiedMethods(own: string, tied: Leader['tied']): string {
  const methods = methodsOf(tied)
  if (methods.length === 1 && methods[0] === own) return ` of ${own}`
  const named = methods.slice(0, methods.length > mostNamed ? mostNamed - 1 : mostNamed)
  const rest = methods.length - named.length
  const parts = rest > 0 ? [...named, `${rest} more methods`] : named
  const last = parts.at(-1) ?? ''
  return ` (${parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${last}` : last})`
}
