'use client'

import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'

/** What a list of problems asks of the text. */
export interface SpecTextHandle {
  /** Selects a line, from 1, and brings it into view. */
  readonly showLine: (line: number) => void
}

interface SpecTextProps {
  readonly id: string
  readonly describedBy: string
  readonly text: string
  readonly onText: (text: string) => void
  /** Lines with a problem, from 1. */
  readonly marked: ReadonlySet<number>
  readonly rows: number
  readonly ref: Ref<SpecTextHandle>
}

/** Lines above one that is brought into view. */
const linesAbove = 4

/** The text of a spec with the numbers of its lines; those with a problem are marked. */
export function SpecText({ id, describedBy, text, onText, marked, rows, ref }: SpecTextProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const count = text.split('\n').length

  const follow = () => {
    if (area.current && gutter.current) gutter.current.scrollTop = area.current.scrollTop
  }
  useEffect(follow)

  useImperativeHandle(ref, () => ({
    showLine(line) {
      const element = area.current
      if (!element) return
      const lines = element.value.split('\n')
      const start = lines.slice(0, line - 1).reduce((sum, own) => sum + own.length + 1, 0)
      element.focus()
      element.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
      element.scrollTop = (element.scrollHeight / lines.length) * Math.max(0, line - 1 - linesAbove)
    },
  }))

  return (
    <div className="relative">
      <div
        ref={gutter}
        aria-hidden="true"
        className="line-numbers pointer-events-none absolute inset-y-px left-px w-11 overflow-hidden text-right text-soft"
      >
        {Array.from({ length: count }, (_, i) => i + 1).map((line) => (
          <div key={line} className={marked.has(line) ? 'marked' : undefined}>
            {line}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        id={id}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onScroll={follow}
        spellCheck={false}
        autoComplete="off"
        rows={rows}
        aria-describedby={describedBy}
        aria-invalid={marked.size > 0 ? true : undefined}
        className="code w-full resize-y text-ink"
        style={{ paddingLeft: '3.4rem' }}
      />
    </div>
  )
}
