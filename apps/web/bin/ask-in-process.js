import { createServer, request } from 'node:http'
import { duplexPair } from 'node:stream'

/**
 * Asks a request handler as a client does, over HTTP, without a port: both ends of the connection are in this process.
 *
 * @param handle takes Node's request and response
 * @param host what the requests are addressed to
 * @returns takes path and query; gives status, headers (texts by lower-case names) and body, or fails where the handler hangs up
 *   before its answer is complete
 */
export function askInProcess(handle, host) {
  const server = createServer(handle)
  return (path) =>
    new Promise((resolve, reject) => {
      const [near, far] = duplexPair()
      // The ends of a pair do not hear of each other's destruction, as a socket's would.
      far.on('close', () => near.destroy(new Error(`the site hung up on ${path}`)))
      server.emit('connection', far)
      const asked = request({
        path,
        headers: { host, connection: 'close' },
        createConnection: () => near,
      })
      asked.on('error', reject)
      asked.on('response', (response) => {
        const chunks = []
        response
          .on('data', (chunk) => chunks.push(chunk))
          .on('error', reject)
          .on('end', () => {
            const { statusCode: status, headers } = response
            const texts = Object.entries(headers).map(([name, value]) => [name, String(value)])
            resolve({ status, headers: Object.fromEntries(texts), body: Buffer.concat(chunks) })
          })
      })
      asked.end()
    })
}
