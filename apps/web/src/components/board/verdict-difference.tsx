import type { Comparison } from '@mate-bench/stats'
import { signedPercent } from '../../view/numbers.ts'

/** A difference in points; coloured where it is significant, and only there. */
export function VerdictDifference({
  comparison,
}: {
  readonly comparison: Pick<Comparison, 'difference' | 'apart'>
}) {
  const { difference, apart } = comparison
  const tone = !apart ? '' : difference > 0 ? ' text-good' : ' text-bad'
  return <strong className={`font-semibold${tone}`}>{signedPercent(difference)}</strong>
}
