/** Text to read or copy; scrolls inside its own frame, by keyboard too. */
export function CodeBlock({ label, children }: { label: string; children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a preformatted text is no set of fields
    <pre className="code max-h-[40rem] overflow-auto" role="group" aria-label={label} tabIndex={0}>
      {children}
    </pre>
  )
}
