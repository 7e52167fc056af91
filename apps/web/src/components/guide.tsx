import type { ReactNode } from 'react'
import { type Step, StepList } from './step-list.tsx'
import { Trail } from './trail.tsx'

interface GuideProps {
  /** `for reviewers` */
  readonly readers: string
  readonly title: string
  readonly lead: ReactNode
  readonly steps: readonly Step[]
  /** Below the steps. */
  readonly children?: ReactNode
}

/** A page of the docs that leads from a wish to its end, step by step. */
export function Guide({ readers, title, lead, steps, children }: GuideProps) {
  return (
    <>
      <Trail href="/docs" list="Docs">
        {readers}
      </Trail>
      <h1 className="mt-1">{title}</h1>
      <p className="mt-2 max-w-[75ch] text-soft">{lead}</p>
      <StepList steps={steps} />
      {children === undefined ? null : <p className="mt-5 max-w-[75ch] text-soft">{children}</p>}
    </>
  )
}
