import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'

const requestSchema = z.strictObject({
  logGroupName: z.string(),
  logStreamName: z.string(),
  startFromHead: z.literal(true),
  nextToken: z
    .string()
    .regex(/^f\/\d+(\/again)?$/)
    .optional(),
})

/**
 * GetLogEvents of CloudWatch Logs on this machine, with what is easily forgotten about it: a page may be empty
 * although there is more, and the same token comes back where there is none.
 */
export class FakeLogs {
  /** What containers wrote, by the name of their stream. */
  readonly streams = new Map<string, { timestamp: number; message: string }[]>()
  /** Answers every call with this, as for credentials that are refused. */
  refusal: { readonly type: string; readonly message: string } | undefined
  readonly #logGroup: string
  readonly #pageSize: number
  readonly #server = createServer((request, response) => {
    this.#answer(request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        response.end(JSON.stringify(body))
      },
      (thrown: unknown) => response.writeHead(500).end(String(thrown)),
    )
  })

  constructor(options: { readonly logGroup: string; readonly pageSize?: number }) {
    this.#logGroup = options.logGroup
    this.#pageSize = options.pageSize ?? 3
  }

  /** @returns for `AWS_ENDPOINT_URL_CLOUDWATCH_LOGS` */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new RangeError('a TCP server has a port')
    return `http://127.0.0.1:${address.port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** A line, or several, of a container that began at 2026-01-01 and writes one a second. */
  write(stream: string, ...lines: string[]): void {
    const events = this.streams.get(stream) ?? []
    this.streams.set(stream, events)
    for (const message of lines) {
      events.push({ timestamp: Date.UTC(2026, 0, 1) + 1000 * events.length, message })
    }
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { authorization = '', 'x-amz-target': target } = request.headers
    if (!/^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[\w-]+\/logs\/aws4_request, /.test(authorization)) {
      return error('MissingAuthenticationTokenException', 'The request is not signed.')
    }
    if (target !== 'Logs_20140328.GetLogEvents') return error('UnknownOperationException', String(target))
    if (this.refusal) return error(this.refusal.type, this.refusal.message)
    const parsed = requestSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString()))
    if (!parsed.success) return error('InvalidParameterException', parsed.error.message)
    const { logGroupName, logStreamName, nextToken } = parsed.data
    const events = logGroupName === this.#logGroup ? this.streams.get(logStreamName) : undefined
    if (!events) return error('ResourceNotFoundException', 'The specified log stream does not exist.')
    return { status: 200, body: this.#page(events, nextToken) }
  }

  #page(events: readonly unknown[], token: string | undefined): unknown {
    const at = Number(/\d+/.exec(token ?? '')?.[0] ?? 0)
    const page = (shown: readonly unknown[], nextForwardToken: string) => ({
      events: shown,
      nextForwardToken,
      nextBackwardToken: `b/${at}`,
    })
    if (at >= events.length) return page([], `f/${at}`)
    if (token === `f/${at}`) return page([], `f/${at}/again`)
    const shown = events.slice(at, at + this.#pageSize)
    return page(shown, `f/${at + shown.length}`)
  }
}

function error(type: string, message: string): { status: number; body: unknown } {
  return { status: 400, body: { __type: type, message } }
}
