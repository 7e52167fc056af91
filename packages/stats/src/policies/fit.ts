import type { PolicyOutcome } from './outcome.ts'

/** A policy's setting with what it gave on the split on which it was fitted. */
export interface FittedSetting {
  readonly setting: number
  readonly validation: PolicyOutcome
}

/**
 * Spends as much of a budget as possible: tries settings 0..steps, of which the cost never falls from one to
 * the next, and takes the last one whose cost is within the budget.
 *
 * @param steps how many steps there are after the cheapest setting
 * @param settingAt the setting of a step, 0 being the cheapest
 * @param apply outcome of a setting on the validation split
 * @param budgetMacs mean sequential MACs an image
 * @returns null where even the cheapest setting costs more than the budget
 */
export function fitWithinBudget(
  steps: number,
  settingAt: (step: number) => number,
  apply: (setting: number) => PolicyOutcome,
  budgetMacs: number,
): FittedSetting | null {
  const tryStep = (step: number): FittedSetting | null => {
    const setting = settingAt(step)
    const validation = apply(setting)
    return validation.averageMacs <= budgetMacs ? { setting, validation } : null
  }
  let best = tryStep(0)
  if (best === null) return null
  let within = 0
  let beyond = steps + 1
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2)
    const fitted = tryStep(middle)
    if (fitted === null) beyond = middle
    else {
      within = middle
      best = fitted
    }
  }
  return best
}
