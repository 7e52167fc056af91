import type { ReactNode } from 'react'

interface TrailProps {
  /** The list that the page belongs to. */
  readonly href: string
  readonly list: string
  /** What the page is there. */
  readonly children: ReactNode
}

/** Above a title: where in the site the page is. */
export function Trail({ href, list, children }: TrailProps) {
  return (
    <p className="text-soft">
      <a className="link" href={href}>
        {list}
      </a>{' '}
      / {children}
    </p>
  )
}
