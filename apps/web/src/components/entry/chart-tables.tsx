import type { CurvePoint, ReliabilitySeries } from '@mate-bench/charts'
import type { Manifest } from '@mate-bench/schema'
import { Fragment } from 'react'
import { integer, intervalText, percent, si } from '../../view/numbers.ts'
import { FiguresFold } from '../figures-fold.tsx'

/** Twins of charts: the same figures as tables, folded. */

interface Curve {
  readonly name: string
  readonly points: readonly CurvePoint[]
}

/** Top-1 in percent after each epoch, a column an exit. */
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
                {curveText(points[i])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </FiguresFold>
  )
}

/** `78.12 [77.01, 79.10]`: the mean and, where the band has a width, its ends. */
function curveText(point: CurvePoint | undefined): string {
  if (!point) return '–'
  const { top1, lowest: lower, highest: upper } = point
  return lower === upper ? percent(top1) : `${percent(top1)} ${intervalText({ lower, upper })}`
}

/** How often an exit is right in each bin of its confidence; shares in percent. */
export function CalibrationTable({ series }: { series: readonly ReliabilitySeries[] }) {
  const bins = series[0]?.bins ?? []
  return (
    <FiguresFold label="Calibration">
      <thead>
        <tr>
          <th scope="col" rowSpan={2}>
            Confidence (%)
          </th>
          {series.map(({ name }) => (
            <th key={name} scope="colgroup" colSpan={3}>
              {name}
            </th>
          ))}
        </tr>
        <tr>
          {series.flatMap(({ name }) =>
            ['Mean confidence (%)', 'Right (%)', 'Images'].map((title) => (
              <th key={`${name} ${title}`} scope="col" className="num">
                {title}
              </th>
            )),
          )}
        </tr>
      </thead>
      <tbody>
        {bins.map((bin, i) => (
          <tr key={bin.lower}>
            <th scope="row">
              {percent(bin.lower, 0)} to {percent(bin.upper, 0)}
            </th>
            {series.map(({ name, bins: own }) => (
              <Fragment key={name}>
                <td className="num">{shareText(own[i]?.meanConfidence)}</td>
                <td className="num">{shareText(own[i]?.accuracy)}</td>
                <td className="num">{integer(own[i]?.count ?? 0)}</td>
              </Fragment>
            ))}
          </tr>
        ))}
      </tbody>
    </FiguresFold>
  )
}

/** Null where no image is in the bin. */
function shareText(share: number | null | undefined): string {
  return share == null ? '–' : percent(share, 1)
}

interface BudgetedTableProps {
  readonly runs: readonly Pick<Manifest, 'seed' | 'results'>[]
  /** All images at one exit, means over the runs: an exit each, shallowest first. */
  readonly fixed: readonly { readonly averageMacs: number; readonly accuracy: number }[]
}

/** Every seed that is drawn, then what one exit alone gives. */
export function BudgetedTable({ runs, fixed }: BudgetedTableProps) {
  const rows = [
    ...runs.flatMap(({ seed, results }) =>
      results.budgeted.map((point) => ({ ...point, seed: String(seed), q: String(point.q) })),
    ),
    ...fixed.map((point, i) => ({
      ...point,
      seed: runs.length > 1 ? 'mean' : String(runs[0]?.seed),
      q: `all at exit ${i + 1}`,
      exitShares: fixed.map((_, k) => (k === i ? 1 : 0)),
    })),
  ]
  return (
    <FiguresFold label="Budgets">
      <thead>
        <tr>
          <th scope="col" className="num">
            Seed
          </th>
          <th scope="col" className="num">
            q
          </th>
          <th scope="col" className="num">
            Average MACs
          </th>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
          {fixed.map((_, k) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the exit
            <th key={k} scope="col" className="num">
              Leave at exit {k + 1} (%)
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ seed, q, averageMacs, accuracy, exitShares }) => (
          <tr key={`${seed} ${q}`}>
            <td className="num">{seed}</td>
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
