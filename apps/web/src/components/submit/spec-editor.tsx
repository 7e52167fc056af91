'use client'

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { CheckedSpec } from './check-spec.ts'
import { SpecCheck } from './spec-check.tsx'
import { SpecText, type SpecTextHandle } from './spec-text.tsx'
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
  /** Of `initialText`: whoever only looks loads no checker. */
  readonly initialCheck: CheckedSpec
  readonly speed: TrainingSpeed | undefined
  readonly limits: SubmissionLimits
  /** Where a token comes from. */
  readonly tokenSource: ReactNode
}

const pauseMilliseconds = 250

/** A spec as text, checked while it is written by the schema that the worker will use. */
export function SpecEditor(props: SpecEditorProps) {
  const { examples, initialText, initialCheck, speed, limits, tokenSource } = props
  const [text, setText] = useState(initialText)
  const [check, setCheck] = useState<{ of: string; result: CheckedSpec | 'unloadable' }>({
    of: initialText,
    result: initialCheck,
  })
  const area = useRef<SpecTextHandle>(null)
  const id = useId()

  useEffect(() => {
    const brought = specInFragment(window.location.hash)
    if (brought !== undefined) setText(brought)
  }, [])

  useEffect(() => {
    if (text === check.of) return
    let current = true
    const timer = setTimeout(async () => {
      // The schema brings every method and backbone with it: loaded with the first change, not with the page.
      const checker = await import('./check-spec.ts').catch(() => undefined)
      if (current) setCheck({ of: text, result: checker ? checker.checkSpec(text) : 'unloadable' })
    }, pauseMilliseconds)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text, check.of])

  const { result } = check
  const isReady = check.of === text && typeof result === 'object' && result.ok && isWithin(result, limits)
  const problems = typeof result === 'object' && !result.ok ? result.problems : []

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
        <SpecText
          ref={area}
          id={id}
          describedBy={`${id}-check`}
          text={text}
          onText={setText}
          marked={new Set(problems.flatMap(({ line }) => line ?? []))}
        />
      </div>
      <div className="space-y-5">
        <SpecCheck
          verdictId={`${id}-check`}
          checked={result}
          onLine={(line) => area.current?.showLine(line)}
          speed={speed}
          limits={limits}
        />
        <SubmitForm text={text} ready={isReady} tokenSource={tokenSource} />
      </div>
    </div>
  )
}

/** A spec that a page of this site brings along: `#spec=` and its text, percent-encoded. No server sees it. */
function specInFragment(fragment: string): string | undefined {
  const encoded = /^#spec=(.+)$/.exec(fragment)?.[1]
  try {
    return encoded && decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
