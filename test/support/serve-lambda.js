/**
 * Serves a Lambda function over HTTP, as a function URL does: every request becomes an event of version 2.0.
 *
 *   node serve-lambda.js FOLDER
 *
 * FOLDER holds index.mjs with `handler`, and the links that SST encrypts. Prints the port.
 */
import { createDecipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder = '.'] = process.argv.slice(2)

// As the wrapper does that SST puts in front of a site: the site itself runs in a folder below, and finds no file.
const sealed = readFileSync(process.env.SST_KEY_FILE ?? '')
const decipher = createDecipheriv(
  'aes-256-gcm',
  Buffer.from(process.env.SST_KEY ?? '', 'base64'),
  Buffer.alloc(12),
)
decipher.setAuthTag(sealed.subarray(-16))
const links = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
Reflect.set(globalThis, 'SST_KEY_FILE_DATA', JSON.parse(links.toString()))

const { handler } = await import(pathToFileURL(join(folder, 'index.mjs')).href)

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const result = await handler(
    {
      version: '2.0',
      routeKey: '$default',
      rawPath: pathname,
      rawQueryString: searchParams.toString(),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      requestContext: {
        domainName: request.headers.host,
        http: { method: request.method, path: pathname, sourceIp: '203.0.113.7', userAgent: 'test' },
      },
      body: Buffer.concat(chunks).toString('base64'),
      isBase64Encoded: true,
    },
    { awsRequestId: 'test', getRemainingTimeInMillis: () => 30_000 },
  ).catch((thrown) => ({ statusCode: 502, headers: {}, body: String(thrown), isBase64Encoded: false }))
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, value)
  response.writeHead(result.statusCode)
  response.end(Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'))
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
