'use client'

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { CheckedSpec } from '../spec/check-spec.ts'
import { type SpecExample, SpecField } from '../spec/spec-field.tsx'
import type { SpecTextHandle } from '../spec/spec-text.tsx'
import { useSpecCheck } from '../spec/use-spec-check.ts'
import { SpecCheck } from './spec-check.tsx'
import { isWithin, type SubmissionLimits } from './submission-limits.ts'
import { SubmitForm } from './submit-form.tsx'
import type { TrainingSpeed } from './training-speed.ts'

interface SpecEditorProps {
  readonly examples: readonly SpecExample[]
  readonly initialText: string
  /** The check of `initialText`, so that the checker is loaded only when the text is edited. */
  readonly initialCheck: CheckedSpec
  readonly speed: TrainingSpeed | undefined
  readonly limits: SubmissionLimits
  /** Where a token comes from. */
  readonly tokenSource: ReactNode
}

/** A spec as text, checked while it is written by the schema that the worker will use. */
export function SpecEditor(props: SpecEditorProps) {
  const { examples, initialText, initialCheck, speed, limits, tokenSource } = props
  const [text, setText] = useState(initialText)
  const { checked, isCurrent } = useSpecCheck(text, { text: initialText, checked: initialCheck })
  const area = useRef<SpecTextHandle>(null)
  const verdictId = useId()

  useEffect(() => {
    const brought = specInFragment(window.location.hash)
    if (brought !== undefined) setText(brought)
  }, [])

  const isReady = isCurrent && typeof checked === 'object' && checked.ok && isWithin(checked, limits)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]">
      <div>
        <SpecField
          ref={area}
          examples={examples}
          text={text}
          initialText={initialText}
          onText={setText}
          checked={checked}
          verdictId={verdictId}
          rows={34}
        />
      </div>
      <div className="space-y-5">
        <SpecCheck
          verdictId={verdictId}
          checked={checked}
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
