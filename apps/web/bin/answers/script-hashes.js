import { createHash } from 'node:crypto'

/** The nonce that the policy of a page allows scripts by. */
export function nonceOf(headers) {
  return /'nonce-([\w+/=-]+)'/.exec(headers['content-security-policy'] ?? '')?.[1]
}

/**
 * Makes a page that was rendered for one answer fit for many: its policy names the scripts themselves (by SHA-256) in place
 * of a nonce, which is taken out of the page. Only scripts that bear the nonce are named. Text that somebody smuggled into the page
 * can't know the nonce, so it runs no more than before. Scripts from files are those of this site.
 *
 * @param headers by their lower-case names, `content-security-policy` among them
 * @param html the page
 */
export function withScriptHashes(headers, html) {
  const nonce = nonceOf(headers)
  if (nonce === undefined) return { headers, html }
  const hashesOf = (element) => {
    const hashes = new Set()
    for (const [, attributes, text] of html.matchAll(
      new RegExp(`<${element}\\b([^>]*)>([\\s\\S]*?)</${element}>`, 'g'),
    )) {
      if (
        !attributes.includes(` nonce="${nonce}"`) ||
        / src="| type="application\/ld\+json"/.test(attributes)
      )
        continue
      const digest = createHash('sha256').update(text.replaceAll(nonce, '')).digest('base64')
      hashes.add(`'sha256-${digest}'`)
    }
    return [...hashes]
  }
  const sources = { script: ["'self'", ...hashesOf('script')], style: ["'self'", ...hashesOf('style')] }
  const plain = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value
        .replaceAll(`; nonce="${nonce}"`, '')
        .replace(/(script|style)-src [^;]*nonce-[^;]*/g, (_, kind) => {
          return [`${kind}-src`, ...sources[kind]].join(' ')
        }),
    ]),
  )
  return { headers: plain, html: html.replaceAll(` nonce="${nonce}"`, '').replaceAll(nonce, '') }
}
