import type { ExitRule, RuleSetting } from './exit-rules.ts'
import type { RiskControlledPoint } from './risk-control.ts'

/** One guarantee over the runs of an entry: each run has a setting of its own, fitted on its own predictions. */
export interface RiskControlledSummary {
  readonly rule: ExitRule
  readonly lossBound: number
  /** [runs] */
  readonly settings: readonly RuleSetting[]
  /** Accuracy of the last exit less this one, on test. */
  readonly loss: { readonly mean: number; readonly lowest: number; readonly highest: number }
  /** Means over the runs, on test. */
  readonly accuracy: number
  readonly averageMacs: number
}

/** @param runs the points of each run's manifest; those that not all of them have are left out */
export function summariseRiskControl(
  runs: readonly (readonly RiskControlledPoint[])[],
): RiskControlledSummary[] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return (runs[0] ?? []).flatMap(({ rule, lossBound }) => {
    const same = runs.flatMap(
      (points) => points.find((point) => point.rule === rule && point.lossBound === lossBound) ?? [],
    )
    if (same.length < runs.length) return []
    const losses = same.map(({ loss }) => loss)
    return [
      {
        ...{ rule, lossBound },
        settings: same.map(({ setting }) => setting),
        loss: { mean: mean(losses), lowest: Math.min(...losses), highest: Math.max(...losses) },
        accuracy: mean(same.map(({ accuracy }) => accuracy)),
        averageMacs: mean(same.map(({ averageMacs }) => averageMacs)),
      },
    ]
  })
}
