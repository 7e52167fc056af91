import katex from 'katex'

/** A formula, rendered on the server as HTML for eyes and MathML for screen readers. */
export function Equation({ tex }: { tex: string }) {
  const html = katex.renderToString(tex, {
    displayMode: true,
    throwOnError: true,
    strict: 'error',
    trust: false,
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a formula is no set of fields
    <div role="group" aria-label="Equation" tabIndex={0} className="overflow-x-auto overflow-y-hidden py-1">
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: markup that katex made of a formula of our own */}
      <div dangerouslySetInnerHTML={{ __html: html }} />
    </div>
  )
}
