import { percent } from '../view/numbers.ts'
import { TableScroll } from './table-scroll.tsx'

interface MatrixTableProps {
  readonly label: string
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** Shares in [0, 1]. */
  readonly values: readonly (readonly number[])[]
}

/** A matrix of shares: figures, and a tint behind each that says the same. */
export function MatrixTable({ label, rows, columns, values }: MatrixTableProps) {
  return (
    <div className="card w-fit max-w-full">
      <TableScroll label={label}>
        <table className="data narrow">
          <caption className="px-3 pt-2.5 text-left text-[0.88rem] text-soft">{label}</caption>
          <thead>
            <tr>
              <td />
              {columns.map((name) => (
                <th key={name} scope="col" className="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((name, i) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {columns.map((column, j) => {
                  const value = values[i]?.[j]
                  return (
                    <td
                      key={column}
                      className="num"
                      style={{
                        background: `color-mix(in srgb, var(--accent) ${Math.round(28 * (value ?? 0))}%, transparent)`,
                      }}
                    >
                      {value === undefined ? '–' : percent(value, 1)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}
