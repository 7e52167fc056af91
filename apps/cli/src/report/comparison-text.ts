import type { EntryReport } from '@mate-bench/harness/entries'
import { pEquationText, plural, signedInterval, signedPercent } from '../format/numbers.ts'

type Comparison = NonNullable<EntryReport['ranking']['againstLeader']>

/** `small-mate against small-joint: +0.42 points [−0.31, +1.15], not significant (about 4 more seeds each).` */
export function comparisonTexts({ name, ranking }: EntryReport): string[] {
  const { againstLeader, againstBaseline } = ranking
  const baseline = againstBaseline?.other === againstLeader?.other ? null : againstBaseline
  return [againstLeader, baseline].flatMap((comparison) => {
    if (!comparison) return []
    const { other, difference, lower, upper } = comparison
    const interval = signedInterval({ lower, upper })
    return `${name} against ${other}: ${signedPercent(difference)} points ${interval}, ${tellingText(comparison)}.`
  })
}

/** Whether the difference is significant, or what it would take. */
function tellingText({ apart, moreSeeds, adjustedPValue }: Comparison): string {
  if (apart) return `significant (${pEquationText(adjustedPValue)})`
  if (moreSeeds === null) return 'not significant (too few test images)'
  return `not significant (about ${plural(moreSeeds, 'more seed')} each)`
}
