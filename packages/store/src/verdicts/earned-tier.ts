import { type RunTier, tiers, type verdicts } from '../schema/index.ts'

type Ruled = Pick<typeof verdicts.$inferSelect, 'check' | 'effect' | 'thirdParty'>

/**
 * The tier that a run has by its verdicts. The rungs are climbed one after another: trained again, it is `retrained` once
 * its published weights gave its predictions too. No verdict takes a tier away; a failed one takes the rank.
 *
 * @param present the tier that it has
 */
export function earnedTier(present: RunTier, found: readonly Ruled[]): RunTier {
  const passed = found.filter(({ effect }) => effect === 'raises')
  const retrained = passed.filter(({ check }) => check === 'retraining')
  const isReEvaluated = passed.some(({ check }) => check === 're-evaluation')
  const earned = !isReEvaluated
    ? present
    : retrained.some(({ thirdParty }) => thirdParty)
      ? 'third-party'
      : retrained.length > 0
        ? 'retrained'
        : 're-evaluated'
  return tiers.indexOf(earned) > tiers.indexOf(present) ? earned : present
}
