import type { FrontierPoint } from '../../view/frontier-points.ts'
import { percent, si, unitName } from '../../view/numbers.ts'
import { FiguresFold } from '../figures-fold.tsx'

interface FrontierTableProps {
  readonly points: readonly FrontierPoint[]
  readonly unit: 'macs' | 'flops'
}

/** The dotted line of the chart as a table: it is the whole track's, so not all of it may be among the rows shown. */
export function FrontierTable({ points, unit }: FrontierTableProps) {
  return (
    <FiguresFold label="Exits on the frontier" summary="Frontier">
      <thead>
        <tr>
          <th scope="col">Entry</th>
          <th scope="col">Exit</th>
          <th scope="col" className="num">
            Sequential {unitName(unit)}
          </th>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
        </tr>
      </thead>
      <tbody>
        {points.map(({ entryId, name, k, macs, top1 }) => (
          <tr key={`${entryId} ${k}`}>
            <th scope="row">
              <a className="link" href={`/entries/${entryId}`}>
                {name}
              </a>
            </th>
            <td>{k}</td>
            <td className="num">{si(unit === 'flops' ? 2 * macs : macs)}</td>
            <td className="num">{percent(top1)}</td>
          </tr>
        ))}
      </tbody>
    </FiguresFold>
  )
}
