import { createHash } from 'node:crypto'
import { longestUrl } from './kept-paths.js'
import { nonceOf } from './script-hashes.js'

/**
 * What Next sends for React beside a page's HTML says all of the page once more, in inline scripts. They are put into a file of
 * their own, named by its content: the page is there sooner, and who comes again has the file.
 */

const begins = /^\(?self\.__next_f\b/
const addresses = /^\/_page\/([\w-]{27})\.js\?of=(.+)$/

/**
 * @param headers of the page, with the nonce that scripts of the site bear; no other script is taken
 * @param url path and query of the page
 * @returns the page with one script from a file in place of the inline ones, and that file's text; undefined where the
 *   page has none
 */
export function takePageData(headers, html, url) {
  const nonce = nonceOf(headers)
  const texts = []
  const place = '<script data-page-data></script>'
  const rest = html.replace(/<script\b([^>]*)>([\s\S]*?)<\/script>/g, (whole, attributes, text) => {
    if (!attributes.includes(` nonce="${nonce}"`) || !begins.test(text)) return whole
    texts.push(text.replaceAll(nonce, ''))
    return texts.length === 1 ? place : ''
  })
  if (nonce === undefined || texts.length === 0) return { html, data: undefined }
  const data = `${texts.join(';\n')}\n`
  const digest = createHash('sha256').update(data).digest('base64url').slice(0, 27)
  const address = `/_page/${digest}.js?of=${encodeURIComponent(url)}`
  if (address.length > longestUrl) return { html, data: undefined }
  // Neither deferred nor asynchronous: once the document is read to its end, Next takes what it has for all there is, and
  // deferred scripts run after that. It stands behind all that is shown.
  return { html: rest.replace(place, () => `<script src="${address}"></script>`), data }
}

/** The digest and the page of such a file's address; undefined for another address. */
export function pageDataAt(url) {
  const [, digest, of = ''] = addresses.exec(url) ?? []
  if (digest === undefined) return undefined
  try {
    return { digest, page: decodeURIComponent(of) }
  } catch {
    return undefined
  }
}
