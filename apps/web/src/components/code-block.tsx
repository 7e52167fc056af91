interface CodeBlockProps {
  readonly label: string
  /** For prose: long lines break instead of scrolling. */
  readonly wraps?: boolean
  readonly children: string
}

/** Text to read or copy; scrolls inside its own frame, by keyboard too. */
export function CodeBlock({ label, wraps = false, children }: CodeBlockProps) {
  const className = `code max-h-[40rem] overflow-auto ${wraps ? 'whitespace-pre-wrap! [overflow-wrap:anywhere]' : ''}`
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a preformatted text is no set of fields
    <pre className={className} role="group" aria-label={label} tabIndex={0}>
      {children}
    </pre>
  )
}
