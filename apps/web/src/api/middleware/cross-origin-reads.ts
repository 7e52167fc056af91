import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'

const reads = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD'],
  // Without a list every header that a page asks for would be allowed, a token's too.
  allowHeaders: ['if-none-match'],
  exposeHeaders: ['etag', 'retry-after'],
  maxAge: 86_400,
})

/** Anybody's page may read; what changes something needs a token, which no page of others should hold. */
export const crossOriginReads = createMiddleware(async (c, next) => {
  const { method } = c.req
  const meant = method === 'OPTIONS' ? c.req.header('access-control-request-method') : method
  return meant === 'GET' || meant === 'HEAD' ? await reads(c, next) : await next()
})
