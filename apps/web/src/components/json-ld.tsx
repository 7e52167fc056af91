import { headers } from 'next/headers'

/** Structured data for search engines. Escaped, so that no text in it can end the script. */
export async function JsonLd({ document }: { document: object }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <script
      type="application/ld+json"
      nonce={nonce}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON with every < escaped
      dangerouslySetInnerHTML={{ __html: JSON.stringify(document).replaceAll('<', '\\u003c') }}
    />
  )
}
