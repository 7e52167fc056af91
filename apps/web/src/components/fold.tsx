import type { ReactNode } from 'react'

interface FoldProps {
  readonly summary: ReactNode
  readonly children: ReactNode
  readonly open?: boolean
}

export function Fold({ summary, children, open = false }: FoldProps) {
  return (
    <details className="fold card mt-2 px-4 py-2.5" open={open}>
      <summary>{summary}</summary>
      <div className="mt-2.5">{children}</div>
    </details>
  )
}
