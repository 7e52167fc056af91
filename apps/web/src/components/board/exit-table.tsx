import type { AccuracyInterval, ClassifierSummary } from '@mate-bench/stats'
import type { BoardEntry } from '../../data/board-table.ts'
import { decimal, percent, percentText, si } from '../../view/numbers.ts'
import { Term } from '../term.tsx'
import { IntervalOf } from './interval-of.tsx'

interface ExitTableProps {
  readonly entry: BoardEntry
  /** 2 for FLOPs. */
  readonly factor: number
}

const metricTerms = [
  ['top-5', 'Top-5', ' (%)'],
  ['nll', 'NLL', ''],
  ['ece', 'ECE', ' (%)'],
  ['auroc', 'AUROC', ' (%)'],
] as const

function MetricHeads() {
  return (
    <>
      <th scope="col" className="num">
        sd
      </th>
      {metricTerms.map(([id, term, unit]) => (
        <th key={id} scope="col" className="num">
          <Term id={id}>{term}</Term>
          {unit}
        </th>
      ))}
    </>
  )
}

/** Every exit of an entry, and the ensemble. */
export function ExitTable({ entry, factor }: ExitTableProps) {
  const costs = factor === 2 ? 'FLOPs' : 'MACs'
  const { intervals, frontierShares: shares } = entry
  const last = entry.exits.at(-1)
  return (
    <table className="data">
      <caption className="sr-only">Exits of {entry.name}</caption>
      <thead>
        <tr>
          <th scope="col">Exit</th>
          <th scope="col">After</th>
          <th
            scope="col"
            className="num"
            title="Among exits with this number across all entries of the track; those that do not differ significantly share a rank"
          >
            Rank
          </th>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
          <th scope="col">95&#8239;% interval</th>
          <MetricHeads />
          <th scope="col" className="num">
            <Term id="isolated-macs">Isolated {costs}</Term>
          </th>
          <th scope="col" className="num">
            <Term id="sequential-macs">Sequential {costs}</Term>
          </th>
          <th scope="col" className="num">
            Params
          </th>
          <th
            scope="col"
            title="Whether the exit is on the track's frontier, and in which share of bootstrap resamples it is"
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
            <td className="num">{exit.rank ?? '–'}</td>
            <MetricCells summary={exit} interval={intervals.exits[i]} />
            <td className="num">{si(factor * exit.isolatedMacs)}</td>
            <td className="num">{si(factor * exit.sequentialMacs)}</td>
            <td className="num">{si(exit.parameters)}</td>
            <td>
              {exit.onFrontier ? 'yes' : 'no'}
              <span className="text-soft">, {percentText(shares[i] ?? 0, 0)}</span>
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">all</th>
          <td>ensemble</td>
          <td className="num">–</td>
          <MetricCells summary={entry.ensemble} interval={intervals.ensemble} />
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
  readonly interval: AccuracyInterval | undefined
}

function MetricCells({ summary, interval }: MetricCellsProps) {
  const { top1, top5, nll, ece, auroc } = summary
  const texts = {
    sd: top1.sd === null ? '–' : percent(top1.sd),
    top5: percent(top5),
    nll: decimal(nll, 3),
    ece: percent(ece, 1),
    auroc: auroc === null ? '–' : percent(auroc, 1),
  }
  return (
    <>
      <td className="num">{percent(top1.mean)}</td>
      <td className="text-soft">
        <IntervalOf interval={interval} />
      </td>
      {Object.entries(texts).map(([name, text]) => (
        <td key={name} className="num">
          {text}
        </td>
      ))}
    </>
  )
}
