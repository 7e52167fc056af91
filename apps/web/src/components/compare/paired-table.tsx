import { Fragment } from 'react'
import type { BoardEntry } from '../../data/board-table.ts'
import { shareText, tellingText } from '../../view/comparison-text.ts'
import { percent, pValueText, si, signedPercent } from '../../view/numbers.ts'
import type { PairedCell, PairedRow } from '../../view/paired-rows.ts'
import { VerdictDifference } from '../board/verdict-difference.tsx'

interface PairedTableProps {
  readonly entries: readonly BoardEntry[]
  readonly rows: readonly PairedRow[]
}

/** Top-1 and cost of the first entry; how far each other one is from it on the same images, and at which cost. */
export function PairedTable({ entries, rows }: PairedTableProps) {
  const [base, ...others] = entries
  if (!base) return null
  return (
    <table className="data narrow">
      <caption className="sr-only">Differences to {base.name} in percentage points</caption>
      <thead>
        <tr>
          <th rowSpan={2} scope="col">
            Classifier
          </th>
          <th colSpan={2} scope="colgroup" className="border-b-0!">
            {base.name}
          </th>
          {others.map(({ id, name }) => (
            <th key={id} colSpan={4} scope="colgroup" className="border-b-0! border-l border-line">
              {name}
            </th>
          ))}
        </tr>
        <tr>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
          <th scope="col" className="num">
            MACs
          </th>
          {others.map(({ id }) => (
            <Fragment key={id}>
              <th scope="col" className="border-l border-line">
                Difference
              </th>
              <th scope="col" className="num">
                p
              </th>
              <th scope="col">Significant at 5 %</th>
              <th scope="col" className="num">
                MACs
              </th>
            </Fragment>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ classifier, baseMean, sequentialMacs, cells }) => (
          <tr key={classifier}>
            <th scope="row">{classifier}</th>
            <td className="num">{baseMean === null ? '–' : percent(baseMean)}</td>
            <td className="num">{costText(sequentialMacs[0])}</td>
            {cells.map((cell, i) => (
              <Fragment key={others[i]?.id}>
                <td className="border-l border-line">{cell ? <Difference cell={cell} /> : '–'}</td>
                <td className="num">{cell?.seedShare === 'own' ? pValueText(cell.adjustedPValue) : '–'}</td>
                <td className="text-soft">{cell ? tellingText(cell) : '–'}</td>
                <td className="num">{costText(sequentialMacs[i + 1])}</td>
              </Fragment>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Difference({ cell }: { cell: PairedCell }) {
  const { lower, upper } = cell
  return (
    <>
      <VerdictDifference comparison={cell} />{' '}
      <span className="text-soft">
        [{signedPercent(lower)}, {signedPercent(upper)}] {shareText(cell)}
      </span>
    </>
  )
}

function costText(macs: number | null | undefined): string {
  return macs === null || macs === undefined ? '–' : si(macs)
}
