import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

export interface WebSocketBridge {
  /** `localhost:PORT`, as `openStore` takes it. */
  readonly proxy: string
  close(): Promise<void>
}

/**
 * What Neon puts in front of its servers, on loopback: every WebSocket becomes a TCP connection to Postgres, bytes
 * pass as they are. With it @vercel/postgres talks to any Postgres.
 */
export async function startWebSocketBridge(databaseUrl: string): Promise<WebSocketBridge> {
  const { hostname, port } = new URL(databaseUrl)
  const server = createServer((_, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({ server, path: '/v1' })
  sockets.on('connection', (socket: WebSocket, _: IncomingMessage) => {
    const postgres = connect(Number(port), hostname)
    socket.on('message', (data: RawData) => postgres.write(toBuffer(data)))
    socket.on('close', () => postgres.end())
    socket.on('error', () => postgres.destroy())
    postgres.on('data', (data) => {
      if (socket.readyState === socket.OPEN) socket.send(data)
    })
    postgres.on('close', () => socket.close())
    postgres.on('error', () => socket.close())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    proxy: `localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      await new Promise((done) => server.close(done))
    },
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}
