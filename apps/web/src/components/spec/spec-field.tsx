import { type Ref, useId } from 'react'
import type { CheckedSpec } from './check-spec.ts'
import { SpecText, type SpecTextHandle } from './spec-text.tsx'

export interface SpecExample {
  readonly name: string
  readonly text: string
}

interface SpecFieldProps {
  readonly examples: readonly SpecExample[]
  readonly text: string
  /** What the field held at first: it may be replaced without a question, as the examples may. */
  readonly initialText: string
  readonly onText: (text: string) => void
  readonly checked: CheckedSpec | 'unloadable'
  /** Id of what says how the check went. */
  readonly verdictId: string
  readonly rows: number
  readonly ref: Ref<SpecTextHandle>
}

/** A spec as text, with examples to begin with. */
export function SpecField(props: SpecFieldProps) {
  const { examples, text, initialText, onText, checked, verdictId, rows, ref } = props
  const id = useId()
  const problems = typeof checked === 'object' && !checked.ok ? checked.problems : []

  const beginWith = (example: string) => {
    const own = ![initialText, ...examples.map((each) => each.text)].includes(text) && text.trim() !== ''
    if (!own || window.confirm('Replace your spec with this example?')) onText(example)
  }

  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <label htmlFor={id} className="font-semibold">
          Spec
        </label>
        <span className="ml-auto text-[0.88rem] text-soft">Start from</span>
        {examples.map((example) => (
          <button
            key={example.name}
            type="button"
            className="button min-h-0! px-2! py-0.5! text-[0.85rem]"
            onClick={() => beginWith(example.text)}
          >
            {example.name}
          </button>
        ))}
      </div>
      <SpecText
        ref={ref}
        id={id}
        describedBy={verdictId}
        text={text}
        onText={onText}
        marked={new Set(problems.flatMap(({ line }) => line ?? []))}
        rows={rows}
      />
    </>
  )
}
