/** Text to read or copy; scrolls inside its own frame, by keyboard too. */
export function CodeBlock({ label, children }: { label: string; children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a preformatted text is no section
    <pre className="code" role="region" aria-label={label} tabIndex={0}>
      {children}
    </pre>
  )
}
