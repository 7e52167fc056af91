import { budgetedChart, exitSharesChart, learningChart, reliabilityChart } from '@mate-bench/charts'
import { learningCurve, learningSplit } from '@mate-bench/harness/learning-curve'
import type { Manifest } from '@mate-bench/schema'
import { pooledCalibrationBins } from '@mate-bench/stats'
import type { RunFiles } from '../../data/run-files.ts'
import { percentText } from '../../view/numbers.ts'
import { ChartFigure } from '../chart-figure.tsx'
import { BudgetedTable, CalibrationTable, LearningTable } from './chart-tables.tsx'

/** A run with its files, or with its learning curves alone. */
export interface DrawnRun {
  readonly manifest: Manifest
  readonly files: Pick<RunFiles, 'epochs'> & Partial<RunFiles>
}

/** Learning, calibration, budgets and exit shares of the runs of one spec, each with its figures as a table. */
export function RunCharts({ name, runs }: { name: string; runs: readonly DrawnRun[] }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-2">
      <Learning name={name} runs={runs} />
      <Reliability name={name} runs={runs} />
      <Budgeted name={name} runs={runs} />
      <Shares name={name} runs={runs} />
    </div>
  )
}

function exitsOf(runs: readonly DrawnRun[]): number[] {
  return runs[0]?.manifest.model.exits.map(({ k }) => k) ?? []
}

function Learning({ name, runs }: { name: string; runs: readonly DrawnRun[] }) {
  const epochs = runs.map(({ files }) => files.epochs)
  const split = learningSplit(epochs)
  const curves = exitsOf(runs).map((k) => ({ name: `exit ${k}`, points: learningCurve(epochs, split, k) }))
  if (curves.every(({ points }) => points.length === 0)) return null
  const splitName = split === 'train' ? 'training' : split
  const last = curves.map((curve) => `${curve.name} ${percentText(curve.points.at(-1)?.top1 ?? 0, 1)}`)
  return (
    <div className="card p-4">
      <h3>Learning curves</h3>
      <ChartFigure
        model={learningChart(curves, {
          id: 'learning',
          split: splitName,
          title: `Learning curves of ${name}`,
          description: `Top-1 on the ${splitName} split over epochs. After the last epoch: ${last.join(', ')}.`,
        })}
        caption={
          runs.length > 1 ? 'Lines are means over seeds; bands reach from the lowest to the highest.' : null
        }
      />
      <LearningTable curves={curves} />
    </div>
  )
}

function Reliability({ name, runs }: { name: string; runs: readonly DrawnRun[] }) {
  const series = exitsOf(runs).map((k, i) => ({
    name: `exit ${k}`,
    bins: pooledCalibrationBins(runs.flatMap(({ files }) => files.predictions?.table.exits[i] ?? [])),
  }))
  if (runs.every(({ files }) => files.predictions === undefined)) return null
  return (
    <div className="card p-4">
      <h3>Calibration</h3>
      <ChartFigure
        model={reliabilityChart(series, {
          id: 'reliability',
          title: `Reliability of ${name}`,
          description:
            'Share of right answers against confidence, in 15 bins. The table below has the figures.',
        })}
        caption="Test split. On the dashed line, confidence equals accuracy; below it, the exit is overconfident."
      />
      <CalibrationTable series={series} />
    </div>
  )
}

function Budgeted({ name, runs }: { name: string; runs: readonly DrawnRun[] }) {
  const budgeted = runs.map(({ manifest }) => ({
    name: `leaving early, seed ${manifest.seed}`,
    points: [...manifest.results.budgeted].sort((a, b) => a.averageMacs - b.averageMacs),
  }))
  const [first] = runs
  if (!first || budgeted.every(({ points }) => points.length === 0)) return null
  const points = first.manifest.model.exits.map(({ sequentialMacs }, i) => ({
    averageMacs: sequentialMacs,
    accuracy:
      runs.reduce((sum, { manifest }) => sum + (manifest.results.exits[i]?.top1 ?? 0), 0) / runs.length,
  }))
  return (
    <div className="card p-4">
      <h3>Budgets</h3>
      <ChartFigure
        model={budgetedChart(
          budgeted,
          { name: 'all at one exit', points },
          {
            id: 'budgeted',
            title: `Budgeted accuracy of ${name}`,
            description: 'Accuracy when easy images leave early. The table below has the figures.',
          },
        )}
        caption="Thresholds are fitted on the validation split and applied to the test split (MSDNet's procedure)."
      />
      <BudgetedTable runs={runs.map(({ manifest }) => manifest)} fixed={points} />
    </div>
  )
}

function Shares({ name, runs }: { name: string; runs: readonly DrawnRun[] }) {
  const [first] = runs
  const budgeted = first?.manifest.results.budgeted ?? []
  if (!first || budgeted.length === 0) return null
  const points = budgeted.map((point) => ({ averageMacs: point.averageMacs, shares: point.exitShares }))
  // The explorer computes from predictions.
  const explored = runs.find(({ files }) => files.predictions)?.manifest.runId
  return (
    <div className="card p-4">
      <h3>Where images leave</h3>
      <ChartFigure
        model={exitSharesChart(points, {
          id: 'shares',
          title: `Exits taken by ${name}`,
          description:
            'Share of test images that leave at each exit, by average cost. Figures: the table of budgets.',
        })}
        caption={
          <>
            Seed {first.manifest.seed}; figures in the table of budgets.{' '}
            {explored === undefined ? null : (
              <>
                Move the thresholds yourself in the{' '}
                <a className="link" href={`/explore/${explored}`}>
                  budget explorer
                </a>
                .
              </>
            )}
          </>
        }
      />
    </div>
  )
}
