import type { Comparison } from '@mate-bench/stats'
import { tellingText } from '../../view/comparison-text.ts'
import { pEquationText, signedInterval } from '../../view/numbers.ts'
import { VerdictDifference } from './verdict-difference.tsx'

/** An entry against another: the difference with its interval, then whether it is significant. */
export function AgainstOther({ comparison }: { readonly comparison: Comparison | null }) {
  if (!comparison) return <span className="text-soft">–</span>
  const { other, apart, adjustedPValue, seedShare } = comparison
  const p = apart ? `, ${pEquationText(adjustedPValue)}` : ''
  const share = seedShare === 'own' ? '' : '; one seed'
  return (
    <span className="against" title={`Against ${other}`}>
      <VerdictDifference comparison={comparison} /> <small>{signedInterval(comparison)}</small>{' '}
      <small>{`${tellingText(comparison)}${p}${share}`}</small>
    </span>
  )
}
