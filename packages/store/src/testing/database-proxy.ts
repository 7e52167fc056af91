import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** `open` hands on, `gone` drops every connection, `silent` keeps them and says nothing. */
type ProxyState = 'open' | 'gone' | 'silent'

export interface DatabaseProxy {
  /** The database's URL, by way of the proxy. */
  readonly url: string
  become(state: ProxyState): void
  close(): Promise<void>
}

/** Stands in front of a database and takes it away while connections are open, as networks do. */
export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const behind = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let state: ProxyState = 'open'
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const handOn = (from: Socket, to: Socket) => {
    from.on('data', (bytes) => state === 'open' && to.write(bytes)).on('close', () => to.destroy())
  }
  const server = createServer((client) => {
    keep(client)
    if (state === 'gone') {
      client.destroy()
      return
    }
    const database = connect(Number(behind.port), behind.hostname)
    keep(database)
    handOn(client, database)
    handOn(database, client)
  })
  const dropAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    become(next) {
      state = next
      if (next === 'gone') dropAll()
    },
    async close() {
      dropAll()
      await new Promise((done) => server.close(done))
    },
  }
}
