import type { ReactNode } from 'react'

interface FoldProps {
  readonly summary: ReactNode
  readonly children: ReactNode
}

/** A card that shows its summary alone until a reader unfolds it. */
export function Fold({ summary, children }: FoldProps) {
  return (
    <details className="fold card mt-2 px-4 py-2.5">
      <summary>{summary}</summary>
      <div className="mt-2.5">{children}</div>
    </details>
  )
}
