import type { ReactNode } from 'react'

interface FilterFormProps {
  /** What a control has where nothing was chosen: it stays out of the address. */
  readonly defaults?: Readonly<Record<string, string>>
  readonly className?: string
  readonly children: ReactNode
}

/**
 * A form that is the view's address. Where scripts run each change shows at once, and typing when it pauses
 * (`page-script/forms.ts`).
 */
export function FilterForm({ defaults = {}, className, children }: FilterFormProps) {
  return (
    <form
      method="get"
      action="/#board"
      data-acts="filter"
      data-defaults={JSON.stringify(defaults)}
      className={className}
    >
      {children}
    </form>
  )
}
