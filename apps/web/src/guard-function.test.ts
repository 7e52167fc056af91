import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const script = fileURLToPath(new URL('../scripts/guard-function.js', import.meta.url))
let folder: string
let handler: (event: unknown, context?: unknown) => Promise<Record<string, unknown>>

/** Says what it was given, and which state the data are in. */
const site = `
let rendered = 0
export const handler = async (event, context) => {
  const headers = { 'Content-Type': 'text/html', 'Cache-Control': 'private, no-store' }
  if (event.rawPath === '/api/v1/version') return { statusCode: 200, headers, body: '{"version":"v1"}' }
  if (event.rawPath === '/shown') {
    const body = JSON.stringify({ rendered: ++rendered, headers: event.headers, query: event.rawQueryString })
    return { statusCode: 200, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
  }
  return { event, context }
}
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mate-bench-guard-'))
  writeFileSync(join(folder, 'index.mjs'), site)
  // Twice: the guard does not come to stand before itself.
  for (let i = 0; i < 2; i++) execFileSync(process.execPath, [script, folder])
  handler = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'index.mjs')).href)).handler
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const event = (method: string, rawPath: string) => ({ rawPath, requestContext: { http: { method } } })

it.each([
  ['TRACE', '/api/v1/entries', 405, 'GET, HEAD'],
  ['PROPFIND', '/api/v1/submissions', 405, 'GET, HEAD, POST'],
  ['TRACE', '/', 405, 'GET, HEAD, OPTIONS'],
  ['POST', '/entries/x', 405, 'GET, HEAD, OPTIONS'],
  ['TRACE', '/api/v1/nothing', 404, undefined],
])('a function answers %s %s for itself', async (method, path, statusCode, allow) => {
  const answer = await handler(event(method, path))
  expect(answer).toMatchObject({ statusCode, isBase64Encoded: false })
  expect(answer.headers).toHaveProperty('cache-control', 'no-store')
  expect((answer.headers as Record<string, string>).allow).toBe(allow)
  if (path.startsWith('/api/')) expect(JSON.parse(String(answer.body))).toMatchObject({ status: statusCode })
})

it('keeps what everybody is given alike, and nothing of a reader’s own gets into it', async () => {
  const get = async (headers: Record<string, string>) => {
    const asked = { ...event('GET', '/shown'), rawQueryString: 'sort=macs', headers }
    return (await handler(asked, 'context')) as { statusCode: number; headers: object; body: string }
  }
  const first = await get({ cookie: 'theme=dark', 'x-client-address': '198.51.100.1' })
  const shown = JSON.parse(Buffer.from(first.body, 'base64').toString())
  expect(shown).toMatchObject({ rendered: 1, query: 'sort=macs' })
  expect(Object.keys(shown.headers).sort()).toEqual(['host', 'x-forwarded-host', 'x-forwarded-proto'])
  expect(first.headers).toMatchObject({ 'cache-control': expect.stringMatching(/^public, .*s-maxage/) })
  expect(await get({})).toEqual(first)
  const { etag = '' } = first.headers as { etag?: string }
  expect(await get({ 'if-none-match': etag })).toMatchObject({ statusCode: 304, body: '' })
})

it.each([
  event('GET', '/queue'),
  event('HEAD', '/submissions/sub_1'),
  event('DELETE', '/api/v1/entries'),
  { type: 'warmer' },
])('hands on what the site answers: %j', async (asked) => {
  expect(await handler(asked, 'context')).toEqual({ event: asked, context: 'context' })
})

it('is part of the build that is deployed, by the version of OpenNext that SST is told', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const { scripts } = JSON.parse(read('../package.json'))
  const infra = read('../../../infra/web.ts')
  const version = /openNextVersion: '(.+)'/.exec(infra)?.[1]
  expect(scripts['build:aws']).toBe(
    `npx --yes @opennextjs/aws@${version} build && node scripts/guard-function.js`,
  )
  expect(infra).toContain("buildCommand: 'npm run build:aws'")
})

it('hands all of a query on, with the question marks in it', async () => {
  const asked = { ...event('GET', '/shown'), rawQueryString: 'q=a?b&page=2', headers: {} }
  const { body } = (await handler(asked, 'context')) as { body: string }
  expect(JSON.parse(Buffer.from(body, 'base64').toString()).query).toBe('q=a?b&page=2')
})
