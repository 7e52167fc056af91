import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { ApiApp } from '../api-app.ts'

export interface Served {
  readonly url: string
  close(): Promise<void>
}

/** The API on a port of loopback, as Next would serve it. */
export async function serve(app: ApiApp): Promise<Served> {
  const server = createServer(async (incoming, outgoing) => {
    const answer = await app.fetch(toRequest(incoming))
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
    outgoing.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function toRequest(incoming: IncomingMessage): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one)
  }
  const method = incoming.method ?? 'GET'
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  // Node's own stream types and the web's are the same thing under two names.
  const body = Readable.toWeb(incoming) as unknown as ReadableStream
  return new Request(url, { method, headers, body, duplex: 'half' } as RequestInit)
}
