import type { ExitRule } from '@mate-bench/stats'
import type { ExploreCurves } from '../../view/explore-curves.ts'
import type { ChartLine } from './explore-chart.tsx'
import { ruleNames } from './rule-choice.tsx'

/** A point of the budgeted curve in a manifest. */
export interface PublishedPoint {
  readonly averageMacs: number
  readonly accuracy: number
}

const colours: Readonly<Record<ExitRule, string>> = {
  confidence: 'var(--series-1)',
  entropy: 'var(--series-2)',
  patience: 'var(--series-3)',
}

/** The chart's lines: every rule, the chosen one last and on top, the oracle, and the curve of the manifest. */
export function chartLines(
  { rules, oracle, exits }: ExploreCurves,
  chosen: ExitRule,
  published: readonly PublishedPoint[],
  seeds: number,
): ChartLine[] {
  const ruleLines = rules
    .filter(({ points }) => points.length > 1)
    .map(({ rule, points }) => ({
      ...{ name: ruleNames[rule], points, colour: colours[rule] },
      look: rule === chosen ? ('chosen' as const) : ('other' as const),
      hasBand: rule === chosen && seeds > 1,
    }))
  const curve = [...published]
    .sort((a, b) => a.averageMacs - b.averageMacs)
    .map(({ averageMacs, accuracy }) => ({
      macs: averageMacs,
      accuracy: { mean: accuracy, lowest: accuracy, highest: accuracy },
    }))
  const [best, last] = [oracle.at(-1), exits.at(-1)]
  // Whoever pays more than the oracle needs still gets no more than it does.
  const bound = best && last ? [...oracle, { ...best, macs: last.macs }] : oracle
  return [
    { name: 'Oracle', points: bound, colour: 'var(--soft)', look: 'dashed', hasBand: false },
    ...(curve.length > 0 ? [publishedLine(curve)] : []),
    ...ruleLines.filter(({ look }) => look === 'other'),
    ...ruleLines.filter(({ look }) => look === 'chosen'),
  ]
}

function publishedLine(points: ChartLine['points']): ChartLine {
  const name = 'Published budgeted curve, this seed'
  return { name, points, colour: 'var(--series-4)', look: 'dotted', hasBand: false }
}
