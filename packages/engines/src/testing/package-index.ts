import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TestIndex {
  readonly url: string
  /** Every request: method, path, and range where there was one. */
  readonly requests: string[]
  /** Breaks the transfer that is held, once its bytes have arrived: earlier, they might not. */
  breakTransfer(): void
  close(): Promise<void>
}

export interface TestIndexOptions {
  readonly project: string
  readonly file: string
  readonly bytes: Buffer
  readonly format?: 'json' | 'html'
  /** Holds the first transfer after this many bytes, until `breakTransfer`. */
  readonly breakAfter?: number
  /** Answers everything with this status. */
  readonly status?: number
}

/** A simple index (PEP 503, PEP 691) on this machine, with one file, served with ranges. */
export async function servePackageIndex(options: TestIndexOptions): Promise<TestIndex> {
  const { project, file, bytes, format = 'json', status } = options
  const requests: string[] = []
  let breakAfter = options.breakAfter
  let held: ServerResponse | undefined
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const range = request.headers.range
    requests.push(`${request.method} ${request.url}${range ? ` ${range}` : ''}`)
    if (status !== undefined) response.writeHead(status).end()
    else if (request.url === `/simple/${project}/`) listFiles(response)
    else if (request.url === `/files/${file}`) sendFile(response, range)
    else response.writeHead(404).end()
  })
  const listFiles = (response: ServerResponse) => {
    if (format === 'html') {
      const page = `<!doctype html><a href="../../files/other.whl#sha256=00">other.whl</a>\n<a data-x="1" href='../../files/${file}#sha256=00'>${file}</a>`
      response.writeHead(200, { 'content-type': 'text/html' }).end(page)
      return
    }
    const files = [
      { filename: 'other.whl', url: '/files/other.whl' },
      { filename: file, url: `/files/${file}` },
    ]
    response
      .writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' })
      .end(JSON.stringify({ files }))
  }
  const sendFile = (response: ServerResponse, range: string | undefined) => {
    const from = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0)
    const rest = bytes.subarray(from)
    response.writeHead(range ? 206 : 200, {
      'content-length': rest.length,
      ...(range ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    })
    if (breakAfter === undefined) response.end(rest)
    else {
      response.write(rest.subarray(0, breakAfter))
      held = response
    }
    breakAfter = undefined
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/simple`,
    requests,
    breakTransfer: () => held?.destroy(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
