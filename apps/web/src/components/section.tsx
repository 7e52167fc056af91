import type { ReactNode } from 'react'

interface SectionProps {
  readonly id: string
  readonly title: string
  /** A line under the title. */
  readonly note?: ReactNode
  readonly children: ReactNode
}

/** A part of a page that can be linked to. */
export function Section({ id, title, note, children }: SectionProps) {
  return (
    <section aria-labelledby={id} className="mt-9">
      <h2 id={id} className="scroll-mt-4">
        {title}
      </h2>
      {note ? (
        <p className="mt-0.5 mb-2.5 max-w-[80ch] text-[0.92rem] text-soft">{note}</p>
      ) : (
        <div className="mb-2.5" />
      )}
      {children}
    </section>
  )
}
