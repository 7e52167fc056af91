import type { ClassifierSummary } from '@mate-bench/stats'
import type { BoardEntry, BoardIntervals } from '../../data/board-table.ts'
import { percent, si } from '../../view/numbers.ts'
import { IntervalOf } from './board-table.tsx'

interface ExitTableProps {
  readonly entry: BoardEntry
  readonly intervals: BoardIntervals | undefined
  /** Of the frontier, one an exit; undefined where the track is too large. */
  readonly shares: readonly number[] | undefined
  /** 2 for FLOPs. */
  readonly factor: number
}

/** Every exit of an entry, and the ensemble. */
export function ExitTable({ entry, intervals, shares, factor }: ExitTableProps) {
  const costs = factor === 2 ? 'FLOPs' : 'MACs'
  const last = entry.exits.at(-1)
  return (
    <table className="data">
      <caption className="sr-only">Exits of {entry.name}</caption>
      <thead>
        <tr>
          <th scope="col">Exit</th>
          <th scope="col">After</th>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
          <th scope="col">95 % interval</th>
          <th scope="col" className="num">
            sd
          </th>
          <th scope="col" className="num">
            Top-5 (%)
          </th>
          <th scope="col" className="num">
            NLL
          </th>
          <th scope="col" className="num">
            ECE (%)
          </th>
          <th scope="col" className="num">
            AUROC (%)
          </th>
          <th scope="col" className="num">
            Isolated {costs}
          </th>
          <th scope="col" className="num">
            Sequential {costs}
          </th>
          <th scope="col" className="num">
            Params
          </th>
          <th
            scope="col"
            title="Whether no exit of the track is cheaper and better; and the share of resamples in which it is so"
          >
            Frontier
          </th>
        </tr>
      </thead>
      <tbody>
        {entry.exits.map((exit, i) => (
          <tr key={exit.k}>
            <th scope="row">{exit.k}</th>
            <td>{exit.after}</td>
            <MetricCells summary={exit} interval={intervals?.exits[i]} />
            <td className="num">{si(factor * exit.isolatedMacs)}</td>
            <td className="num">{si(factor * exit.sequentialMacs)}</td>
            <td className="num">{si(exit.parameters)}</td>
            <td>
              {exit.onFrontier ? 'yes' : 'no'}
              {shares?.[i] === undefined ? null : (
                <span className="text-soft">, {percent(shares[i], 0)} %</span>
              )}
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">all</th>
          <td>ensemble</td>
          <MetricCells summary={entry.ensemble} interval={intervals?.ensemble} />
          <td className="num">–</td>
          <td className="num">{si(factor * (last?.sequentialMacs ?? 0))}</td>
          <td className="num">{si(entry.parameters)}</td>
          <td />
        </tr>
      </tbody>
    </table>
  )
}

interface MetricCellsProps {
  readonly summary: ClassifierSummary
  readonly interval: BoardIntervals['ensemble'] | undefined
}

function MetricCells({ summary, interval }: MetricCellsProps) {
  return (
    <>
      <td className="num">{percent(summary.top1.mean)}</td>
      <td className="text-soft">
        <IntervalOf interval={interval} />
      </td>
      <td className="num">{summary.top1.sd === null ? '–' : percent(summary.top1.sd)}</td>
      <td className="num">{percent(summary.top5)}</td>
      <td className="num">{summary.nll.toFixed(3)}</td>
      <td className="num">{percent(summary.ece, 1)}</td>
      <td className="num">{summary.auroc === null ? '–' : percent(summary.auroc, 1)}</td>
    </>
  )
}
