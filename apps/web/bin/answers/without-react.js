import { nonceOf } from './script-hashes.js'

const marker = /<meta name="needs-react"/
const pageData = /^\(?self\.__next_f\b/

/**
 * A page in which nothing runs by React, without React: its scripts are nineteen of twenty bytes that such a page would load, and
 * what they are told of the page is all of it once more. What runs there is one small script of the site's own.
 *
 * @param headers of the page, with the nonce that scripts of the site bear; no other script is taken
 * @param html the page; where a component that needs React is in it, it says so (`src/components/needs-react.tsx`)
 */
export function withoutReact(headers, html) {
  const nonce = nonceOf(headers)
  if (nonce === undefined || marker.test(html)) return html
  return html
    .replace(/<script\b([^>]*)>([\s\S]*?)<\/script>/g, (whole, attributes, text) => {
      if (!attributes.includes(` nonce="${nonce}"`)) return whole
      return attributes.includes(' src="/_next/') || pageData.test(text) ? '' : whole
    })
    .replace(/<link rel="preload" as="script"[^>]*>/g, '')
}
