#!/usr/bin/env node
/**
 * Serves the built site: Next.js behind a server that bounds how long a request may take to arrive, and that answers the
 * methods which Next.js can make no request of.
 *
 *   node bin/serve.js [--port N] [--hostname HOST]
 *
 * Plain JavaScript, so that the process loads nothing but Next.js.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT ?? '3000' },
    hostname: { type: 'string', default: 'localhost' },
  },
})
const port = Number(values.port)

/** For all of a request: the largest body, 1 MB, comes in this at 50 kB a second. */
const requestMilliseconds = 20_000
const headersMilliseconds = 10_000
/** Between requests of one connection. */
const idleMilliseconds = 5000
/** How often connections are looked at: a request may take as much longer. */
const lookMilliseconds = 2000
/** For what is being answered when the process is told to stop. */
const stopMilliseconds = 4000

/** Those that Next.js can make a request of: it fails on TRACE, and has an empty answer to PROPFIND and the like. */
const requestMethods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])

/** Addresses of the API with their methods, from its own document. */
const document = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'))
const apiRoutes = Object.entries(document.paths).map(([path, operations]) => ({
  pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
  methods: Object.keys(operations).map((method) => method.toUpperCase()),
}))

/** Methods that an address takes; none where the API has no such address. */
function allowedAt(pathname) {
  if (!pathname.startsWith('/api/')) return pathname === '/theme' ? ['POST'] : ['GET', 'HEAD', 'OPTIONS']
  const methods = apiRoutes.filter(({ pattern }) => pattern.test(pathname)).flatMap(({ methods }) => methods)
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort()
}

/** The API answers for itself what it can be asked; pages are asked nothing that they do not take. */
function isRefused(method, pathname) {
  if (pathname.startsWith('/api/')) return !requestMethods.has(method)
  return !allowedAt(pathname).includes(method)
}

/** 405 at once, whatever body may follow: as the API writes it, to a page's address as text. */
function refuseMethod(method, pathname, response) {
  const allow = allowedAt(pathname).join(', ')
  const isApi = pathname.startsWith('/api/')
  const [status, code, title] =
    allow === '' ? [404, 'not-found', 'Not found'] : [405, 'method-not-allowed', 'Method not allowed']
  const detail =
    allow === ''
      ? 'There is nothing at this address.'
      : `${method} is not for this address: it takes ${allow}.`
  response.writeHead(status, {
    ...(allow === '' ? {} : { allow }),
    'content-type': isApi ? 'application/problem+json' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(
    isApi ? JSON.stringify({ type: `/docs/api#${code}`, title, status, detail, code }) : `${detail}\n`,
  )
}

/** `*` and the like are of servers, not of a site. */
function refuseTarget(response) {
  response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end('The request names no address.\n')
}

process.env.NODE_ENV = 'production'
const { default: next } = await import('next')
const site = next({
  dev: false,
  dir: fileURLToPath(new URL('..', import.meta.url)),
  hostname: values.hostname,
  port,
})
await site.prepare()
const handle = site.getRequestHandler()

const server = createServer(
  {
    requestTimeout: requestMilliseconds,
    headersTimeout: headersMilliseconds,
    keepAliveTimeout: idleMilliseconds,
    connectionsCheckingInterval: lookMilliseconds,
  },
  (request, response) => {
    const [pathname] = request.url.replace(/^https?:\/\/[^/]+/, '').split('?', 1)
    if (!pathname.startsWith('/')) refuseTarget(response)
    else if (isRefused(request.method, pathname)) refuseMethod(request.method, pathname, response)
    else handle(request, response)
  },
)

let stopping = false
function stop() {
  if (stopping) return
  stopping = true
  server.close(() => process.exit(0))
  server.closeIdleConnections()
  setTimeout(() => {
    server.closeAllConnections()
    process.exit(0)
  }, stopMilliseconds).unref()
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)

server.on('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
server.listen(port, values.hostname)
