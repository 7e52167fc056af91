import type { PredictionTable } from '@mate-bench/stats'
import type { BoardEntry } from '../../data/board-table.ts'
import { classNames } from '../../view/class-names.ts'
import { classAccuracies } from '../../view/confusion.ts'
import { percent, signedPercent } from '../../view/numbers.ts'

interface ClassDeltasProps {
  readonly dataset: string
  readonly entries: readonly BoardEntry[]
  /** Test predictions of each entry's first run. */
  readonly tables: readonly PredictionTable[]
}

const shown = 20

/** Accuracy by class at the last exit, first runs; classes with the largest differences first. */
export function ClassDeltas({ dataset, entries, tables }: ClassDeltasProps) {
  const names = classNames(dataset)
  const accuracies = tables.map(
    (table) =>
      new Map(classAccuracies([table], table.exits.length - 1).map((row) => [row.label, row.accuracy])),
  )
  const rows = [...(accuracies[0]?.keys() ?? [])]
    .map((label) => {
      const values = accuracies.map((accuracy) => accuracy.get(label) ?? 0)
      return { label, values, spread: Math.max(...values) - Math.min(...values) }
    })
    .sort((a, b) => b.spread - a.spread || a.label - b.label)
    .slice(0, shown)
  return (
    <table className="data narrow">
      <caption className="sr-only">Accuracy by class at the last exit</caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          {entries.map(({ id, name }, i) => (
            <th key={id} scope="col" className="num">
              {name}
              {i === 0 ? ' (%)' : ''}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, values }) => (
          <tr key={label}>
            <th scope="row">{names[label] ?? `class ${label}`}</th>
            {values.map((value, i) => (
              <td key={entries[i]?.id} className="num">
                {i === 0 ? percent(value, 1) : signedPercent(value - (values[0] ?? 0), 1)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
