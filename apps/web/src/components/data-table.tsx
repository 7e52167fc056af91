import { Fragment, type ReactNode } from 'react'
import { TableScroll } from './table-scroll.tsx'

/** What stands above a column; of numbers, on the right. */
export type Column = string | { readonly number: ReactNode }

interface DataTableProps {
  /** What the table is, for people who can't see it. */
  readonly label: string
  /** In place of the label: said before the table is read. */
  readonly caption?: string
  /** `undefined` leaves a column out. */
  readonly columns: readonly (Column | undefined)[]
  /** As wide as its content, not as the page. */
  readonly narrow?: boolean
  readonly className?: string
  /** Rows. */
  readonly children: ReactNode
}

/** A table of figures that scrolls inside its own frame where the page is too narrow. */
export function DataTable({ label, caption = label, columns, narrow, className, children }: DataTableProps) {
  const classes = ['data', narrow ? 'narrow' : '', className ?? ''].filter(Boolean).join(' ')
  return (
    <TableScroll label={label}>
      <table className={classes}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <Fragment key={i}>{headOf(column)}</Fragment>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </TableScroll>
  )
}

function headOf(column: Column | undefined): ReactNode {
  if (column === undefined) return null
  if (typeof column === 'string') return <th scope="col">{column}</th>
  return (
    <th scope="col" className="num">
      {column.number}
    </th>
  )
}
