import { percent, si } from '../../view/numbers.ts'
import { FiguresFold } from '../figures-fold.tsx'
import type { ExploreChartProps, Point } from './explore-chart.tsx'

/** The explorer's chart as a table: the setting, every image at one exit, and the published curve. */
export function ExploreChartTable({ curve, exits, current }: ExploreChartProps) {
  const rows: { readonly name: string; readonly point: Point }[] = [
    { name: 'this setting', point: current },
    ...exits.map((point, i) => ({ name: `all at exit ${i + 1}`, point })),
    ...curve.map((point) => ({ name: `budgeted, q = ${point.q}`, point })),
  ]
  return (
    <FiguresFold label="Top-1 accuracy against average MACs">
      <thead>
        <tr>
          <th scope="col">Point</th>
          <th scope="col" className="num">
            Average MACs
          </th>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, point }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="num">{si(point.macs)}</td>
            <td className="num">{percent(point.accuracy)}</td>
          </tr>
        ))}
      </tbody>
    </FiguresFold>
  )
}
