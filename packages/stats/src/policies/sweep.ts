import type { PredictionTable } from '../predictions.ts'
import { type ExitRule, eachStay } from './exit-rules.ts'
import { checkPolicyInput, type PolicyOutcome } from './outcome.ts'

/** What each of a list of settings gives on one split. Step 0 lets nobody leave early, step s is setting s - 1. */
export interface RuleSweep {
  /** How many steps there are: one more than settings. */
  readonly steps: number
  /** Mean sequential MACs an image: never rises from one step to the next. */
  averageMacs(step: number): number
  /** Share of images that are right where they leave. */
  accuracy(step: number): number
  outcome(step: number): PolicyOutcome
}

/**
 * Accuracy and cost of a rule at many settings at once. An image moves to an earlier exit at most K - 1 times along the
 * settings, so all of them together cost little more than one.
 *
 * @param settings from careful to eager
 * @param sequentialMacs [K]
 */
export function sweepRule(
  table: PredictionTable,
  rule: ExitRule,
  settings: readonly number[],
  sequentialMacs: readonly number[],
): RuleSweep {
  checkPolicyInput(table, sequentialMacs)
  const images = table.labels.length
  const last = table.exits.length - 1
  const steps = settings.length + 1
  // How much each count changes at a step; summed up below.
  const leaving = table.exits.map(() => new Int32Array(steps + 1))
  const right = new Int32Array(steps + 1)
  const add = (image: number, exit: number, from: number, until: number) => {
    const counts = leaving[exit] as Int32Array
    const hit = table.exits[exit]?.labelRank[image] === 0 ? 1 : 0
    counts[from] = (counts[from] as number) + 1
    counts[until] = (counts[until] as number) - 1
    right[from] = (right[from] as number) + hit
    right[until] = (right[until] as number) - hit
  }
  // At step 0, which is no setting, every image is at the last exit.
  for (let image = 0; image < images; image++) add(image, last, 0, 1)
  eachStay(table, rule, settings, (image, exit, from, until) => add(image, exit, from + 1, until + 1))
  for (const counts of [...leaving, right])
    for (let step = 1; step < steps; step++)
      counts[step] = (counts[step] as number) + (counts[step - 1] as number)

  const averageMacs = (step: number) => {
    let macs = 0
    for (let k = 0; k <= last; k++) macs += (leaving[k]?.[step] as number) * (sequentialMacs[k] as number)
    return macs / images
  }
  const accuracy = (step: number) => (right[step] as number) / images
  return {
    steps,
    averageMacs,
    accuracy,
    outcome: (step) => ({
      accuracy: accuracy(step),
      averageMacs: averageMacs(step),
      exitShares: leaving.map((counts) => (counts[step] as number) / images),
    }),
  }
}
