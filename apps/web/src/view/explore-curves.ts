import { type ExitRule, exitRules, oracleCurve, type PolicyOutcome, ruleCurve } from '@mate-bench/stats'
import { type ExploredRun, type OverSeeds, overSeeds } from './explore.ts'

/** A point of a line: means over seeds, with the lowest and the highest accuracy. */
export interface CurvePoint {
  readonly macs: number
  readonly accuracy: OverSeeds
}

/** What the explorer's chart shows of all seeds. */
export interface ExploreCurves {
  /** Settings fitted to budgets on validation, by rule; none without a validation split. */
  readonly rules: readonly { readonly rule: ExitRule; readonly points: readonly CurvePoint[] }[]
  /** What nothing can pass. */
  readonly oracle: readonly CurvePoint[]
  /** Every image at one exit. */
  readonly exits: readonly CurvePoint[]
}

const budgetCount = 33

/** @param runs seeds of one network: equal costs */
export function exploreCurves(runs: readonly ExploredRun[]): ExploreCurves {
  const macs = runs[0]?.sequentialMacs ?? []
  const [first = 0, last = 0] = [macs[0], macs.at(-1)]
  const budgets = Array.from(
    { length: budgetCount },
    (_, i) => first + (i / (budgetCount - 1)) * (last - first),
  )
  const fitted = runs.flatMap((run) => (run.validation ? [{ ...run, validation: run.validation }] : []))
  return {
    rules:
      fitted.length < runs.length
        ? []
        : exitRules.map((rule) => ({
            rule,
            points: acrossRuns(
              fitted.map(({ validation, test, sequentialMacs }) =>
                ruleCurve(validation, test, rule, sequentialMacs, budgets),
              ),
            ),
          })),
    oracle: acrossRuns(runs.map(({ test, sequentialMacs }) => oracleCurve(test, sequentialMacs))),
    exits: acrossRuns(
      runs.map(({ test, sequentialMacs }) =>
        test.exits.map(({ labelRank }, k) => ({
          accuracy: labelRank.filter((rank) => rank === 0).length / labelRank.length,
          averageMacs: sequentialMacs[k] ?? 0,
        })),
      ),
    ),
  }
}

/** Point by point; those that not every run has, and those that repeat the one before, are left out. */
function acrossRuns(
  curves: readonly (readonly (Pick<PolicyOutcome, 'accuracy' | 'averageMacs'> | null)[])[],
): CurvePoint[] {
  const points = (curves[0] ?? []).flatMap((_, i) => {
    const here = curves.flatMap((curve) => curve[i] ?? [])
    if (here.length < curves.length) return []
    const macs = overSeeds(here.map(({ averageMacs }) => averageMacs)).mean
    return [{ macs, accuracy: overSeeds(here.map(({ accuracy }) => accuracy)) }]
  })
  return points.filter((point, i) => JSON.stringify(point) !== JSON.stringify(points[i - 1]))
}
