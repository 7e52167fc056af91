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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mate-bench-guard-'))
  writeFileSync(
    join(folder, 'index.mjs'),
    'export const handler = async (event, context) => ({ event, context })\n',
  )
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
  ['GET', '/theme', 405, 'POST'],
  ['TRACE', '/api/v1/nothing', 404, undefined],
])('a function answers %s %s for itself', async (method, path, statusCode, allow) => {
  const answer = await handler(event(method, path))
  expect(answer).toMatchObject({ statusCode, isBase64Encoded: false })
  expect(answer.headers).toHaveProperty('cache-control', 'no-store')
  expect((answer.headers as Record<string, string>).allow).toBe(allow)
  if (path.startsWith('/api/')) expect(JSON.parse(String(answer.body))).toMatchObject({ status: statusCode })
})

it.each([
  event('GET', '/entries/x'),
  event('HEAD', '/'),
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
