'use client'

import { useEffect, useId, useState } from 'react'
import type { CheckedSpec } from './check-spec.ts'
import { SpecCheck } from './spec-check.tsx'
import { isWithin, type SubmissionLimits } from './submission-limits.ts'
import { SubmitForm } from './submit-form.tsx'
import type { TrainingSpeed } from './training-speed.ts'

export interface SpecExample {
  readonly name: string
  readonly text: string
}

interface SpecEditorProps {
  readonly examples: readonly SpecExample[]
  readonly initialText: string
  readonly speed: TrainingSpeed | undefined
  readonly limits: SubmissionLimits
}

const pauseMilliseconds = 250

/** A spec as text, checked while it is written by the schema that the worker will use. */
export function SpecEditor({ examples, initialText, speed, limits }: SpecEditorProps) {
  const [text, setText] = useState(initialText)
  const [checked, setChecked] = useState<CheckedSpec | 'unloadable'>()
  const id = useId()

  useEffect(() => {
    let current = true
    const timer = setTimeout(async () => {
      // The schema brings every method and backbone with it: loaded here, not with the page.
      const checker = await import('./check-spec.ts').catch(() => undefined)
      if (current) setChecked(checker ? checker.checkSpec(text) : 'unloadable')
    }, pauseMilliseconds)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])

  const isReady = typeof checked === 'object' && checked.ok && isWithin(checked, limits)

  const beginWith = (example: string) => {
    const own = ![initialText, ...examples.map((each) => each.text)].includes(text) && text.trim() !== ''
    if (!own || window.confirm('Replace the spec that you wrote by this example?')) setText(example)
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]">
      <div>
        <div className="mb-2 flex flex-wrap items-center gap-2">
          <label htmlFor={id} className="font-semibold">
            Spec
          </label>
          <span className="ml-auto text-[0.88rem] text-soft">Begin with</span>
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
        <textarea
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          rows={34}
          aria-describedby={`${id}-check`}
          className="code w-full resize-y text-ink"
        />
      </div>
      <div className="space-y-5">
        <SpecCheck verdictId={`${id}-check`} checked={checked} speed={speed} limits={limits} />
        <SubmitForm text={text} ready={isReady} />
      </div>
    </div>
  )
}
