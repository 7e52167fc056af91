import type { ReactNode } from 'react'

interface CompareFormProps {
  /** Address of the view on the board, without what is selected. */
  readonly view: string
  readonly children: ReactNode
}

/**
 * The form around the table. Where scripts run, what is ticked is in the address at once, so that every link keeps it
 * (`page-script/forms.ts`).
 */
export function CompareForm({ view, children }: CompareFormProps) {
  return (
    <form method="get" action="/compare" data-acts="select" data-view={view} className="card mt-5">
      {children}
    </form>
  )
}
