import { createServer } from 'node:http'

/**
 * The quickest that a server of Node can be: answers `/?bytes=N` with N bytes that are there already. Prints its port; ends with
 * its parent.
 */
const answers = new Map<number, Buffer>()

const server = createServer((request, response) => {
  const bytes = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('bytes'))
  const body = answers.get(bytes) ?? Buffer.alloc(bytes, 120)
  answers.set(bytes, body)
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(bytes),
    'cache-control': 'public, max-age=0, s-maxage=30, stale-while-revalidate=30',
  })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
process.on('disconnect', () => process.exit(0))
