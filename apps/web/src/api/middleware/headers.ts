import { createMiddleware } from 'hono/factory'

/** Of every answer: it is data and never a page of ours. */
export const safetyHeaders = createMiddleware(async (c, next) => {
  await next()
  c.header('x-content-type-options', 'nosniff')
  c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
  c.header('referrer-policy', 'no-referrer')
  c.header('strict-transport-security', 'max-age=31536000; includeSubDomains')
})

/** Caching of answers that a handler said nothing about. */
export const cacheHeaders = createMiddleware(async (c, next) => {
  await next()
  if (c.res.headers.has('cache-control')) return
  const readable = (c.req.method === 'GET' || c.req.method === 'HEAD') && c.res.status < 400
  c.header('cache-control', readable ? cache.lists : cache.never)
})

export const cache = {
  /** Anybody may keep it and asks again each time, a cache between us after half a minute; the ETag makes that cheap. */
  lists: 'public, max-age=0, s-maxage=30, stale-while-revalidate=30',
  /** Named by its digest: it never changes. */
  forever: 'public, max-age=31536000, immutable',
  never: 'no-store',
} as const
