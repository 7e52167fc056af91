import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { BenchError } from '@mate-bench/schema'

/** A statement as it went over the wire. */
export interface SeenQuery {
  readonly text: string
  /** In text form, as node-postgres sends them; null for SQL's null. */
  readonly values: readonly (string | null)[]
}

export interface CountingProxy {
  /** The same database, through the proxy. */
  readonly url: string
  /** Every statement since the last call. */
  take(): SeenQuery[]
  close(): Promise<void>
}

/**
 * Stands between a client and Postgres on this machine, passes every byte on unchanged, and keeps the statements
 * that it sees: what is counted is what was asked, whatever the client's libraries do.
 */
export async function startCountingProxy(databaseUrl: string): Promise<CountingProxy> {
  const target = new URL(databaseUrl)
  const seen: SeenQuery[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || '5432'), target.hostname)
    const read = createStatementReader((query) => seen.push(query))
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy()).on('close', () => sockets.delete(socket))
    }
    client.on('data', read).pipe(upstream)
    upstream.pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) {
    throw new BenchError({ code: 'internal', message: 'The proxy has no port.' })
  }
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return {
    url: url.href,
    take: () => seen.splice(0),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Reads what a client sends (PostgreSQL documentation, "Message Formats"): a start-up message without a type, then
 * messages of a type, a length and a body. `Q` is a statement; `P` prepares one and `B` gives its values.
 */
function createStatementReader(onQuery: (query: SeenQuery) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0)
  let started = false
  let prepared = ''
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    for (;;) {
      const head = started ? 1 : 0
      if (pending.length < head + 4) return
      const end = head + pending.readInt32BE(head)
      if (pending.length < end) return
      const type = started ? String.fromCharCode(pending.readUInt8(0)) : ''
      const body = pending.subarray(head + 4, end)
      if (type === 'Q') onQuery({ text: readText(body, 0).text, values: [] })
      if (type === 'P') prepared = readText(body, readText(body, 0).end).text
      if (type === 'B') onQuery({ text: prepared, values: readValues(body) })
      pending = pending.subarray(end)
      started = true
    }
  }
}

/** Text up to a zero byte. */
function readText(body: Buffer, start: number): { text: string; end: number } {
  const zero = body.indexOf(0, start)
  return { text: body.toString('utf8', start, zero), end: zero + 1 }
}

/** Portal and statement names, the values' formats, then each value with its length, -1 for null. */
function readValues(body: Buffer): (string | null)[] {
  let at = readText(body, readText(body, 0).end).end
  at += 2 + 2 * body.readInt16BE(at)
  const count = body.readInt16BE(at)
  at += 2
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) return null
    at += length
    return body.toString('utf8', at - length, at)
  })
}
