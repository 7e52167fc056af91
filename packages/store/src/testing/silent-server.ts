import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SilentServer {
  readonly url: string
  close(): void
}

/**
 * Takes every request, and comes to no end with any.
 *
 * @param begin what it says before it falls silent. Default: nothing
 */
export async function startSilentServer(begin: RequestListener = () => {}): Promise<SilentServer> {
  const server = createServer(begin).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
