import type { ReactNode } from 'react'
import { type GlossaryId, meaningOf } from '../view/glossary.ts'

/** A term that the glossary explains: its meaning as a tooltip, its place there behind the link. */
export function Term({ id, children }: { id: GlossaryId; children: ReactNode }) {
  return (
    <a
      className="underline decoration-dotted underline-offset-4"
      href={`/glossary#${id}`}
      title={meaningOf(id)}
    >
      {children}
    </a>
  )
}
