'use client'

import { useRouter } from 'next/navigation'
import type { FormEvent, ReactNode } from 'react'

interface CompareFormProps {
  /** Address of the view on the board, without what is selected. */
  readonly view: string
  readonly children: ReactNode
}

/** The form around the table. Where scripts run, what is ticked is in the address at once, so that every link keeps it. */
export function CompareForm({ view, children }: CompareFormProps) {
  const router = useRouter()
  const keep = (event: FormEvent<HTMLFormElement>) => {
    const ids = new FormData(event.currentTarget).getAll('entries')
    const [path = '/'] = view.split('#')
    const selection = ids.length === 0 ? '' : `${path.includes('?') ? '&' : '?'}compare=${ids.join(',')}`
    // How the chart is looked at stands behind the #.
    router.replace(`${path}${selection}${location.hash}`, { scroll: false })
  }
  return (
    <form method="get" action="/compare" onChange={keep} className="card mt-5">
      {children}
    </form>
  )
}
