import type { ReactNode } from 'react'
import { TableScroll } from './table-scroll.tsx'

interface FiguresFoldProps {
  /** Of the table: what it has the figures of. */
  readonly label: string
  /** What the fold is called, where it has not all the figures of a chart. */
  readonly summary?: string
  /** Head and body of the table. */
  readonly children: ReactNode
}

/** The twin of a chart: its figures as a table, folded. */
export function FiguresFold({ label, summary, children }: FiguresFoldProps) {
  return (
    <details className="fold mt-2 text-[0.9rem]">
      <summary className="text-soft">
        {summary ?? (
          <>
            Figures<span className="sr-only"> of {label}</span>
          </>
        )}
      </summary>
      <TableScroll label={label}>
        <table className="data narrow">
          <caption className="sr-only">{label}</caption>
          {children}
        </table>
      </TableScroll>
    </details>
  )
}
