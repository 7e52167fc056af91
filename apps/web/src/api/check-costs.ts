import { planSpec } from '@mate-bench/harness/plan'
import type { Spec } from '@mate-bench/harness/spec'
import type { CheckKind } from '@mate-bench/schema'
import { totalMacs } from './total-macs.ts'

export interface CheckCosts {
  /** Multiply-accumulates: both splits once, and for a retraining all of its training besides. */
  readonly macs: number
  /** Held while it trains; 0 where nothing is trained. */
  readonly trainingBytes: number
}

/** What a check of one run asks for. */
export function checkCosts(check: CheckKind, spec: Spec, seed: number): CheckCosts {
  const plan = planSpec({ ...spec, seeds: [seed] })
  const reEvaluation = plan.forwardMacs * (plan.splits.validation + plan.splits.test)
  return check === 're-evaluation'
    ? { macs: reEvaluation, trainingBytes: 0 }
    : { macs: reEvaluation + totalMacs(plan), trainingBytes: plan.trainingBytes }
}
