import type { ReactNode } from 'react'

export interface Step {
  readonly id: string
  readonly title: string
  /** How long it takes, such as `2 minutes`. */
  readonly takes?: string
  readonly body: ReactNode
}

/** Steps of a guide, in order, each as much as a screen holds. */
export function StepList({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <ol className="mt-6 max-w-[82ch] space-y-5">
      {steps.map(({ id, title, takes, body }, i) => (
        <li key={id} className="card px-5 py-4">
          <h2 id={id} className="scroll-mt-4 text-[1.12rem]">
            {i + 1}. {title}
            {takes === undefined ? null : <span className="font-normal text-soft"> ({takes})</span>}
          </h2>
          <div className="mt-1.5 space-y-2.5">{body}</div>
        </li>
      ))}
    </ol>
  )
}
