import type { CurvePoint, ReliabilitySeries } from '@mate-bench/charts'
import type { Manifest } from '@mate-bench/schema'
import { percent, si } from '../../view/numbers.ts'
import { FiguresFold } from '../figures-fold.tsx'

/** Twins of charts: the same figures as tables, folded. */

interface Curve {
  readonly name: string
  readonly points: readonly CurvePoint[]
}

export function LearningTable({ curves }: { curves: readonly Curve[] }) {
  const epochs = curves[0]?.points.map(({ epoch }) => epoch) ?? []
  return (
    <FiguresFold label="Learning curves">
      <thead>
        <tr>
          <th scope="col" className="num">
            Epoch
          </th>
          {curves.map(({ name }) => (
            <th key={name} scope="col" className="num">
              {name} (%)
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {epochs.map((epoch, i) => (
          <tr key={epoch}>
            <th scope="row" className="num">
              {epoch}
            </th>
            {curves.map(({ name, points }) => (
              <td key={name} className="num">
                {percent(points[i]?.top1 ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </FiguresFold>
  )
}

export function CalibrationTable({ series }: { series: readonly ReliabilitySeries[] }) {
  const bins = series[0]?.bins ?? []
  return (
    <FiguresFold label="Calibration">
      <thead>
        <tr>
          <th scope="col">Confidence (%)</th>
          {series.map(({ name }) => (
            <th key={name} scope="col" className="num">
              {name}: right (%) of images
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bins.map((bin, i) => (
          <tr key={bin.lower}>
            <th scope="row">
              {percent(bin.lower, 0)} to {percent(bin.upper, 0)}
            </th>
            {series.map(({ name, bins: own }) => {
              const { accuracy = null, count = 0 } = own[i] ?? {}
              return (
                <td key={name} className="num">
                  {accuracy === null ? '–' : percent(accuracy, 1)} of {count}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </FiguresFold>
  )
}

interface BudgetedTableProps {
  readonly points: Manifest['results']['budgeted']
  readonly seed: number
}

export function BudgetedTable({ points, seed }: BudgetedTableProps) {
  const exits = points[0]?.exitShares.length ?? 0
  return (
    <FiguresFold label={`Budgets, seed ${seed}`}>
      <thead>
        <tr>
          <th scope="col" className="num">
            q
          </th>
          <th scope="col" className="num">
            Average MACs
          </th>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
          {Array.from({ length: exits }, (_, k) => `exit ${k + 1}`).map((name) => (
            <th key={name} scope="col" className="num">
              Leave at {name} (%)
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {points.map(({ q, averageMacs, accuracy, exitShares }) => (
          <tr key={q}>
            <th scope="row" className="num">
              {q}
            </th>
            <td className="num">{si(averageMacs)}</td>
            <td className="num">{percent(accuracy)}</td>
            {exitShares.map((share, k) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is the exit
              <td key={k} className="num">
                {percent(share, 1)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </FiguresFold>
  )
}
