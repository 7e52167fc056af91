/** Structured data for search engines. Escaped, so that no text in it can end the script. */
export function JsonLd({ document }: { document: object }) {
  return (
    <script
      type="application/ld+json"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON with every < escaped
      dangerouslySetInnerHTML={{ __html: JSON.stringify(document).replaceAll('<', '\\u003c') }}
    />
  )
}
