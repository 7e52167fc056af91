import type { ReactNode } from 'react'
import { TableScroll } from '../../../components/table-scroll.tsx'

export interface FieldRow {
  readonly name: string
  readonly type: string
  readonly note: string
  readonly description: ReactNode
}

interface FieldTableProps {
  readonly label: string
  readonly heads: readonly [name: string, type: string, note: string]
  readonly rows: readonly FieldRow[]
}

/** Parameters of an endpoint, or fields of a document. */
export function FieldTable({ label, heads, rows }: FieldTableProps) {
  return (
    <TableScroll label={label}>
      <table className="data stack">
        <thead>
          <tr>
            {[...heads, 'Meaning'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, type, note, description }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td className="min-w-[8rem] whitespace-normal!">{type}</td>
              <td className="text-soft">{note}</td>
              <td className="wrap">{description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}
