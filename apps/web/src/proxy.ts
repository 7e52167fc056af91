import { type NextRequest, NextResponse } from 'next/server'
import { problemResponse } from './api/problem-response.ts'

/**
 * Before every answer: addresses and methods that nothing is behind, then the headers of pages and files. Scripts run only
 * with the nonce of this very answer, which Next puts on its own; in a page that many readers get, `bin/answers` puts the hashes
 * of these scripts in its place. Inline style attributes are allowed, since charts and formulas are made of them, inline
 * style sheets are not.
 */
export function proxy(request: NextRequest): Response {
  const { pathname } = request.nextUrl
  const isReadable = isDecodable(pathname)
  if (pathname.startsWith('/api/')) return isReadable ? NextResponse.next() : badAddress()
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodAnswer(request.method)
  if (isReadable && isEmbed(pathname)) return embedded(NextResponse.next())
  if (isReadable && isRunFile(pathname)) return forEverybody(withHeaders(NextResponse.next(), filePolicy))
  const nonce = btoa(crypto.randomUUID())
  const policy = contentSecurityPolicy(nonce, { workers: computes(pathname) })
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('x-path', pathname)
  headers.set('content-security-policy', policy)
  const response = isReadable
    ? NextResponse.next({ request: { headers } })
    : // Next fails on what it can't decode; nothing is at this address, so its page for that is shown.
      NextResponse.rewrite(new URL('/undecodable-address', request.url), { request: { headers } })
  const answer = withHeaders(response, policy)
  return isData(pathname) ? forEverybody(answer) : answer
}

/** Data may be read by anybody's page, as the API's answers may. */
function forEverybody(response: NextResponse): NextResponse {
  response.headers.set('access-control-allow-origin', '*')
  response.headers.set('access-control-expose-headers', 'etag')
  return response
}

/** Pages that train, that run a network, or that check a spec while it is written: in workers. */
function computes(pathname: string): boolean {
  return pathname === '/submit' || pathname.startsWith('/try/')
}

/** `/board.csv`, `/feed.xml` and the like: what programs read. */
function isData(pathname: string): boolean {
  return /\.(csv|json|tex|bib|xml|txt|parquet|svg)$/.test(pathname)
}

function withHeaders(response: NextResponse, policy: string): NextResponse {
  response.headers.set('content-security-policy', policy)
  response.headers.set('referrer-policy', 'strict-origin-when-cross-origin')
  response.headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=()')
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('x-frame-options', 'DENY')
  response.headers.set('cross-origin-opener-policy', 'same-origin')
  // Ignored by browsers over plain HTTP, which is how the quickstart serves.
  response.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains')
  return response
}

/** Charts for the pages of others; whatever else is asked for below is a page like any. */
function isEmbed(pathname: string): boolean {
  return /^\/embed\/(board|(entries|tracks)\/[^/]+)$/.test(pathname)
}

/** What others may frame: the answer says its own policy, which is stricter but for that. */
function embedded(response: NextResponse): NextResponse {
  response.headers.set('referrer-policy', 'strict-origin-when-cross-origin')
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains')
  return response
}

/** Percent signs with two hex digits each, and UTF-8 behind them. */
function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname)
    return true
  } catch {
    return false
  }
}

function badAddress(): Response {
  return problemResponse({
    code: 'bad-input',
    detail: 'The address is not percent-encoded UTF-8.',
    hint: 'Write each byte of a special character as % and two hex digits; see /docs/api.',
  })
}

/** What an address takes may be asked; a method that it does not take is refused. */
function methodAnswer(method: string): Response {
  const allow = 'GET, HEAD, OPTIONS'
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
  const headers = { allow, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  return new Response(`${method} is not for this address: it takes ${allow}.\n`, { status: 405, headers })
}

/** `/runs/ID/files/FILE`: bytes of somebody's run. */
function isRunFile(pathname: string): boolean {
  return /^\/runs\/[^/]+\/files\//.test(pathname)
}

/** A file is saved, never shown as a page of this site; should it be opened all the same, it can do nothing. */
const filePolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

/** @param allowed `workers`: the page computes in workers of this site; their own policy is in `next.config.ts` */
function contentSecurityPolicy(nonce: string, allowed: { readonly workers: boolean }): string {
  const development = process.env.NODE_ENV === 'development'
  return [
    "default-src 'self'",
    // React's development build evaluates strings to rebuild stacks of the server.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `worker-src ${allowed.workers ? "'self'" : "'none'"}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export const config = {
  // The API answers with headers of its own and comes here only with a percent sign in its path; static files are the
  // same for everybody.
  matcher: [{ source: '/((?!api/|_next/static|_next/image).*)' }, { source: '/api/(.*%.*)' }],
}
