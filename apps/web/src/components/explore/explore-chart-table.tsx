import type { CurvePoint } from '../../view/explore-curves.ts'
import { intervalText, percent, si } from '../../view/numbers.ts'
import { FiguresFold } from '../figures-fold.tsx'
import type { ExploreChartProps } from './explore-chart.tsx'

/** The explorer's chart as a table: the setting, every image at one exit, and each point of the lines. */
export function ExploreChartTable({ lines, exits, current }: Omit<ExploreChartProps, 'others'>) {
  const { macs, accuracy } = current
  const rows: { readonly name: string; readonly point: CurvePoint }[] = [
    {
      name: 'this setting',
      point: { macs, accuracy: { mean: accuracy, lowest: accuracy, highest: accuracy } },
    },
    ...exits.map((point, i) => ({ name: `all at exit ${i + 1}`, point })),
    ...lines.flatMap(({ name, points }) => points.map((point, i) => ({ name: `${name}, ${i + 1}`, point }))),
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
          <th scope="col" className="num">
            Lowest and highest seed
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, point }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="num">{si(point.macs)}</td>
            <td className="num">{percent(point.accuracy.mean)}</td>
            <td className="num">{rangeOf(point)}</td>
          </tr>
        ))}
      </tbody>
    </FiguresFold>
  )
}

function rangeOf({ accuracy: { lowest, highest } }: CurvePoint): string {
  return lowest === highest ? '–' : intervalText({ lower: lowest, upper: highest })
}
