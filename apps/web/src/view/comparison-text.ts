import type { Comparison } from '@mate-bench/stats'
import { plural, signedInterval, signedPercent } from './numbers.ts'

/** `−0.42 [−1.10, +0.26]`: points, and the 95 % interval. */
export function differenceText({
  difference,
  lower,
  upper,
}: Pick<Comparison, 'difference' | 'lower' | 'upper'>): string {
  return `${signedPercent(difference)} ${signedInterval({ lower, upper })}`
}

/** Whether a difference is significant, or what it would take. */
export function tellingText({ apart, moreSeeds }: Pick<Comparison, 'apart' | 'moreSeeds'>): string {
  if (apart) return 'significant'
  if (moreSeeds === null) return 'not significant (too few test images)'
  return `not significant (about ${plural(moreSeeds, 'more seed')})`
}

/** Where the seeds' share of an interval is from, where it is not the entry's own; empty where it is. */
export function shareText({ seedShare }: Pick<Comparison, 'seedShare'>): string {
  if (seedShare === 'own') return ''
  return seedShare === 'track' ? "seeds as the track's" : 'images only'
}
