import { createKeptAnswers } from './answers/kept-answers.js'
import { methodRefusals } from './refused-methods.js'

/** A function has at most 1 GB, most of which Next.js takes. */
const mostBytes = 64 * 1024 * 1024

/**
 * Stands before the server function that OpenNext built (events of version 2.0): refuses methods that Next.js can't be asked with,
 * keeps what everybody is given alike, and hands everything else on.
 *
 * @param site OpenNext's handler
 * @param document the API's own, which says what methods its addresses take
 */
export function guardFunction(site, document) {
  const refusalOf = methodRefusals(document)
  const host = new URL(process.env.MATE_BENCH_URL ?? 'http://localhost').host
  let latestContext
  const keptAnswer = createKeptAnswers(ask, { behindReader: false, most: mostBytes })

  async function ask(path) {
    // A query may have question marks of its own.
    const [rawPath] = path.split('?', 1)
    const rawQueryString = path.slice(rawPath.length + 1)
    const event = {
      version: '2.0',
      routeKey: '$default',
      rawPath,
      rawQueryString,
      headers: { host, 'x-forwarded-host': host, 'x-forwarded-proto': 'https' },
      requestContext: {
        domainName: host,
        http: { method: 'GET', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      },
      isBase64Encoded: false,
    }
    const { statusCode, headers, body, isBase64Encoded, cookies } = await site(event, latestContext)
    const texts = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])
    return {
      status: statusCode,
      headers: { ...Object.fromEntries(texts), ...(cookies?.length ? { 'set-cookie': cookies.join() } : {}) },
      body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
    }
  }

  return async (event, context) => {
    // What keeps functions warm is no request.
    const method = event.requestContext?.http?.method
    if (!method) return await site(event, context)
    const refusal = refusalOf(method, event.rawPath)
    if (refusal) {
      const { status, headers, body } = refusal
      return { statusCode: status, headers, body, isBase64Encoded: false }
    }
    latestContext = context
    const url = event.rawQueryString ? `${event.rawPath}?${event.rawQueryString}` : event.rawPath
    const answer = await keptAnswer({ method, url, headers: event.headers ?? {} })
    if (!answer) return await site(event, context)
    return {
      statusCode: answer.status,
      headers: answer.headers,
      body: method === 'HEAD' ? '' : (answer.body ?? Buffer.alloc(0)).toString('base64'),
      isBase64Encoded: true,
    }
  }
}
