import type { DiffRow } from '../../view/manifest-diff.ts'

interface DiffTableProps {
  readonly title: string
  readonly names: readonly string[]
  readonly rows: readonly DiffRow[]
}

/** Where documents differ. */
export function DiffTable({ title, names, rows }: DiffTableProps) {
  return (
    <table className="data">
      <caption className="px-3 py-2.5 text-left font-semibold">
        {title}
        {rows.length === 0 ? <span className="font-normal text-soft">: no difference</span> : null}
      </caption>
      {rows.length === 0 ? null : (
        <>
          <thead>
            <tr>
              <th scope="col">Field</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ path, values }) => (
              <tr key={path}>
                <th scope="row" className="font-mono text-[0.85em] font-normal">
                  {path}
                </th>
                {values.map((value, i) => (
                  <td key={names[i]} className="font-mono text-[0.85em] wrap">
                    {value === undefined ? <span className="text-soft">absent</span> : value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </>
      )}
    </table>
  )
}
