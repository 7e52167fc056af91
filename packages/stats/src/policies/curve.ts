import type { PredictionTable } from '../predictions.ts'
import { applyConfidence, fitConfidence } from './confidence.ts'
import { applyEntropy, fitEntropy } from './entropy.ts'
import { checkPolicyInput, type PolicyOutcome } from './outcome.ts'
import { applyPatience, fitPatience } from './patience.ts'

/** Policies with one setting for all exits. */
export const globalPolicies = {
  'max-softmax': { fit: fitConfidence, apply: applyConfidence },
  entropy: { fit: fitEntropy, apply: applyEntropy },
  patience: { fit: fitPatience, apply: applyPatience },
} as const

export type GlobalPolicyName = keyof typeof globalPolicies

/** One point of a policy's curve: fitted to the budget on validation, measured on test. */
export interface PolicyPoint extends PolicyOutcome {
  /** Mean sequential MACs an image that the setting may cost on the validation split. */
  readonly budgetMacs: number
  /** Confidence in [0, 1], entropy in nats, or a number of exits, as the policy has it. */
  readonly setting: number
  readonly validationAverageMacs: number
}

/**
 * The accuracy-cost curve of a policy with one setting for all exits. A budget below the cheapest setting
 * gives no point.
 *
 * @param sequentialMacs [K]
 * @param budgets mean sequential MACs an image, such as a quarter, a half and all of the backbone's
 */
export function policyCurve(
  policy: GlobalPolicyName,
  validation: PredictionTable,
  test: PredictionTable,
  sequentialMacs: readonly number[],
  budgets: readonly number[],
): PolicyPoint[] {
  checkPolicyInput(validation, sequentialMacs)
  checkPolicyInput(test, sequentialMacs)
  const { fit, apply } = globalPolicies[policy]
  return budgets.flatMap((budgetMacs) => {
    const fitted = fit(validation, sequentialMacs, budgetMacs)
    if (fitted === null) return []
    const outcome = apply(test, fitted.setting, sequentialMacs)
    const validationAverageMacs = fitted.validation.averageMacs
    return [{ budgetMacs, setting: fitted.setting, validationAverageMacs, ...outcome }]
  })
}
