/** Which addresses have answers that are the same for everybody until the data change. */

/** Show what is going on right now, or are a reader's own. */
const live = [
  /^\/queue$/,
  /^\/submit$/,
  /^\/submissions(\/|$)/,
  /^\/api\/v1\/(health|ready|version)$/,
  /^\/api\/v1\/submissions(\/|$)/,
  /^\/api\/v1\/ledger\/(head|events)$/,
]
/** Files by digest: large, never changed, and compressed by themselves where that helps. */
const files = [
  /^\/runs\/[^/]+\/files\//,
  /^\/api\/v1\/artifacts\//,
  /^\/api\/v1\/runs\/[^/]+\/predictions$/,
  /^\/_next\/image/,
]
/** A page's parts, as Next's router asks for them: their answers depend on these headers. */
const routerHeaders = ['rsc', 'next-router-prefetch', 'next-router-state-tree', 'next-action']
/** Path and query as a request line takes them, with nothing in them that has to be encoded. */
const wellFormed = /^\/[!-~]*$/
/** Longer ones are asked by nobody who means to read them. */
export const longestUrl = 2000

/**
 * @param request method, url (path and query) and headers by their lower-case names
 * @returns whether its answer may be kept: `data` as long as the data stay the same, `build` for good, undefined where it is made
 *   for each request
 */
export function keptFor({ method, url, headers }) {
  if (method !== 'GET' && method !== 'HEAD') return undefined
  if (url.length > longestUrl || !wellFormed.test(url) || headers.authorization !== undefined)
    return undefined
  if (routerHeaders.some((name) => headers[name] !== undefined)) return undefined
  const [pathname] = url.split('?', 1)
  if (pathname.startsWith('/_next/static/')) return 'build'
  return [...live, ...files].some((pattern) => pattern.test(pathname)) ? undefined : 'data'
}
