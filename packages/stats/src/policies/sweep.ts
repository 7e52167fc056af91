import type { PredictionTable } from '../predictions.ts'
import { type ExitRule, firstLettingGo } from './exit-rules.ts'
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
  const first = firstLettingGo(table, rule, settings)
  // How much each count changes at a step; summed up below.
  const leaving = table.exits.map(() => new Int32Array(steps + 1))
  const right = new Int32Array(steps + 1)
  const add = (k: number, image: number, from: number, to: number) => {
    const counts = leaving[k] as Int32Array
    const hit = table.exits[k]?.labelRank[image] === 0 ? 1 : 0
    counts[from] = (counts[from] as number) + 1
    counts[to] = (counts[to] as number) - 1
    right[from] = (right[from] as number) + hit
    right[to] = (right[to] as number) - hit
  }
  for (let image = 0; image < images; image++) {
    let taken = steps // from this step on an earlier exit has the image
    for (let k = 0; k < last; k++) {
      const from = (first[k]?.[image] as number) + 1
      if (from >= taken) continue
      add(k, image, from, taken)
      taken = from
    }
    add(last, image, 0, taken)
  }
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
