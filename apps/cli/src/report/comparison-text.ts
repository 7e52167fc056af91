import type { EntryReport } from '@mate-bench/harness/entries'
import { plural } from '@mate-bench/worker/numbers'

type Comparison = NonNullable<EntryReport['ranking']['againstLeader']>

/** `small-mate against small-joint: +0.42 points [-0.31, +1.15], about 4 more seeds would tell them apart.` */
export function comparisonTexts({ name, ranking }: EntryReport): string[] {
  const { againstLeader, againstBaseline } = ranking
  const baseline = againstBaseline?.other === againstLeader?.other ? null : againstBaseline
  return [againstLeader, baseline].flatMap((comparison) => {
    if (!comparison) return []
    const { other, difference, lower, upper } = comparison
    const interval = `[${signed(lower)}, ${signed(upper)}]`
    return `${name} against ${other}: ${signed(difference)} points ${interval}, ${tellingText(comparison)}.`
  })
}

/** What tells two entries apart, or what it would take. */
function tellingText({ apart, moreSeeds, adjustedPValue }: Comparison): string {
  if (apart) return `told apart (p ${adjustedPValue < 0.001 ? '< 0.001' : `= ${adjustedPValue.toFixed(3)}`})`
  if (moreSeeds === null) return 'too close for these test images'
  return `about ${plural(moreSeeds, 'more seed')} of both would tell them apart`
}

function signed(share: number): string {
  const text = (100 * share).toFixed(2)
  return share > 0 ? `+${text}` : text
}
