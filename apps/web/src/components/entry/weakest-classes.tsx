import type { PredictionTable } from '@mate-bench/stats'
import { classNames } from '../../view/class-names.ts'
import { classAccuracies } from '../../view/confusion.ts'
import { percent, percentText } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'

const shown = 10

interface WeakestClassesProps {
  readonly dataset: string
  /** One a run. */
  readonly tables: readonly PredictionTable[]
}

/** The classes that the last exit gets wrong most, and what it takes them for. */
export function WeakestClasses({ dataset, tables }: WeakestClassesProps) {
  const exits = tables[0]?.exits.length ?? 0
  const names = classNames(dataset)
  const nameOf = (label: number) => names[label] ?? `class ${label}`
  const first = new Map(classAccuracies(tables, 0).map((row) => [row.label, row.accuracy]))
  return (
    <div className="card">
      <DataTable
        label="Weakest classes"
        caption="Weakest classes of the last exit"
        columns={[
          'Class',
          { number: `Exit ${exits} right (%)` },
          { number: 'Exit 1 right (%)' },
          `Exit ${exits} takes it for`,
        ]}
      >
        {classAccuracies(tables, exits - 1)
          .slice(0, shown)
          .map(({ label, accuracy, mistakes }) => (
            <tr key={label}>
              <th scope="row">{nameOf(label)}</th>
              <td className="num">{percent(accuracy, 1)}</td>
              <td className="num">{percent(first.get(label) ?? 0, 1)}</td>
              <td>
                {mistakes
                  .map(({ predicted, share }) => `${nameOf(predicted)} ${percentText(share, 1)}`)
                  .join(', ') || 'nothing else'}
              </td>
            </tr>
          ))}
      </DataTable>
    </div>
  )
}
