/** Methods that Next.js can't be asked with: what the site answers in its place, on a machine of one's own and on Lambda. */

/** Those that Next.js can make a request of: it fails on TRACE, and has an empty answer to PROPFIND and the like. */
const requestMethods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])

/**
 * @param document the API's own, which says what methods its addresses take
 * @returns the answer to a request that is refused for its method, whatever body may follow: as the API writes it, to a page's
 *   address as text. Undefined for one that the site answers
 */
export function methodRefusals(document) {
  const apiRoutes = Object.entries(document.paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    methods: Object.keys(operations).map((method) => method.toUpperCase()),
  }))

  /** Methods that an address takes; none where the API has no such address. */
  function allowedAt(pathname) {
    if (!pathname.startsWith('/api/')) return ['GET', 'HEAD', 'OPTIONS']
    const methods = apiRoutes
      .filter(({ pattern }) => pattern.test(pathname))
      .flatMap(({ methods }) => methods)
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort()
  }

  /** The API answers for itself what it can be asked; pages are asked nothing that they do not take. */
  function isRefused(method, pathname) {
    if (pathname.startsWith('/api/')) return !requestMethods.has(method)
    return !allowedAt(pathname).includes(method)
  }

  return (method, pathname) => {
    if (!isRefused(method, pathname)) return undefined
    const allow = allowedAt(pathname).join(', ')
    const isApi = pathname.startsWith('/api/')
    const [status, code, title] =
      allow === '' ? [404, 'not-found', 'Not found'] : [405, 'method-not-allowed', 'Method not allowed']
    const detail =
      allow === ''
        ? 'There is nothing at this address.'
        : `${method} is not for this address: it takes ${allow}.`
    return {
      status,
      headers: {
        ...(allow === '' ? {} : { allow }),
        'content-type': isApi ? 'application/problem+json' : 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
      body: isApi
        ? JSON.stringify({ type: `/docs/api#${code}`, title, status, detail, code })
        : `${detail}\n`,
    }
  }
}
