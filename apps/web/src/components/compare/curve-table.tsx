import type { BoardEntry } from '../../data/board-table.ts'
import { percent, si } from '../../view/numbers.ts'
import { IntervalOf } from '../board/interval-of.tsx'
import { FiguresFold } from '../figures-fold.tsx'

/** The chart of a comparison as a table: a row an exit. */
export function CurveTable({ entries }: { entries: readonly BoardEntry[] }) {
  return (
    <FiguresFold label="Top-1 accuracy against MACs">
      <thead>
        <tr>
          <th scope="col">Entry</th>
          <th scope="col">Exit</th>
          <th scope="col" className="num">
            Sequential MACs
          </th>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
          <th scope="col">95&#8239;% interval</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ id, name, exits, intervals }) =>
          exits.map(({ k, sequentialMacs, top1 }, i) => (
            <tr key={`${id} ${k}`} data-entry={id}>
              <th scope="row">{name}</th>
              <td>{k}</td>
              <td className="num">{si(sequentialMacs)}</td>
              <td className="num">{percent(top1.mean)}</td>
              <td className="text-soft">
                <IntervalOf interval={intervals.exits[i]} />
              </td>
            </tr>
          )),
        )}
      </tbody>
    </FiguresFold>
  )
}
