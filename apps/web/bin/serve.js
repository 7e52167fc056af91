#!/usr/bin/env node
/**
 * Serves the built site: Next.js behind a server that bounds how long a request may take to arrive, answers the
 * methods which Next.js can make no request of, and keeps what everybody is given alike.
 *
 *   node bin/serve.js [--port N] [--hostname HOST]
 *
 * Plain JavaScript, so that the process loads nothing but Next.js.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createKeptAnswers } from './answers/kept-answers.js'
import { askInProcess } from './ask-in-process.js'
import { methodRefusals } from './refused-methods.js'

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

/** The answer to a method that the site does not take, at once: undefined where it does. */
const refusalOf = methodRefusals(
  JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')),
)

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
const keptAnswer = createKeptAnswers(askInProcess(handle, `${values.hostname}:${port}`), {
  behindReader: true,
})

async function serve(request, response, url) {
  const { method, headers } = request
  const answer = await keptAnswer({ method, url, headers })
  if (!answer) {
    await handle(request, response)
    return
  }
  response.writeHead(answer.status, answer.headers)
  response.end(method === 'HEAD' ? undefined : answer.body)
}

function fail(response, thrown) {
  console.error(thrown)
  if (response.headersSent) response.destroy()
  else response.writeHead(500, { 'cache-control': 'no-store' }).end('The site failed; its log says how.\n')
}

const server = createServer(
  {
    requestTimeout: requestMilliseconds,
    headersTimeout: headersMilliseconds,
    keepAliveTimeout: idleMilliseconds,
    connectionsCheckingInterval: lookMilliseconds,
  },
  (request, response) => {
    const url = request.url.replace(/^https?:\/\/[^/]+/, '')
    const [pathname] = url.split('?', 1)
    if (!pathname.startsWith('/')) {
      refuseTarget(response)
      return
    }
    const refusal = refusalOf(request.method, pathname)
    if (refusal)
      response.writeHead(refusal.status, { ...refusal.headers, connection: 'close' }).end(refusal.body)
    else serve(request, response, url).catch((thrown) => fail(response, thrown))
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
