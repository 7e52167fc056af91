import { type ChildProcess, spawn } from 'node:child_process'
import { createCipheriv, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createToken, openArtifacts, publishRun, trainingJobsOf } from '@mate-bench/store'
import { openTestStore, syntheticRun, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Cloud, startCloud } from '../support/cloud.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bundle = join(root, 'apps/web/.open-next/server-functions/default')
// `npm run infra:site` builds it; .ci/run always does.
const built = existsSync(join(bundle, 'index.mjs'))

/** What SST writes beside the code: links, encrypted with a key that the function is given. */
function writeLinks(folder: string, links: Record<string, unknown>): Record<string, string> {
  const key = randomBytes(32)
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12, 0))
  const text = Buffer.concat([cipher.update(JSON.stringify(links)), cipher.final()])
  writeFileSync(join(folder, 'resource.enc'), Buffer.concat([text, cipher.getAuthTag()]))
  return { SST_KEY: key.toString('base64'), SST_KEY_FILE: 'resource.enc' }
}

describe.skipIf(!built)('the server function that OpenNext built, alone in a folder', () => {
  const folder = temporaryFolder()
  const run = syntheticRun({ name: 'published', top1: [0.5, 0.7] })
  let store: TestStore
  let cloud: Cloud
  let site: ChildProcess
  let url: string
  let token: string
  /** Among others that there is no DynamoDB, where the deployed one remembers which images it has drawn. */
  let said = ''

  beforeAll(async () => {
    // What the functions behind the queues say is no matter of this file.
    for (const name of ['log', 'warn', 'error'] as const) vi.spyOn(console, name).mockImplementation(() => {})
    store = await openTestStore('vercel')
    cloud = await startCloud(store.url)
    await publishRun(store.db, await openArtifacts(), run, { tier: 'recomputed' })
    const expiresAt = new Date('2100-01-01')
    const scopes = ['submit', 'approve'] as const
    token = (await createToken(store.db, { name: 'test', owner: 'ada', scopes: [...scopes], expiresAt }))
      .token
    cpSync(bundle, folder, { recursive: true, verbatimSymlinks: true })
    const { PATH = '', HOME = '' } = process.env
    site = spawn(process.execPath, [join(root, 'test/support/serve-lambda.js'), folder], {
      cwd: folder,
      // Nothing but what the infrastructure would set: no address of the database in the clear.
      env: {
        ...{ PATH, HOME, NODE_ENV: 'production', CACHE_BUCKET_NAME: cloud.bucket },
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...cloud.environment,
        ...writeLinks(folder, { App: { name: 'mate-bench' }, PostgresUrl: { value: store.url } }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (!site.stdout || !site.stderr) throw new Error('it has no output')
    site.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const [port] = await once(createInterface({ input: site.stdout }), 'line')
    url = `http://127.0.0.1:${port}`
  })
  afterAll(async () => {
    if (site?.kill('SIGKILL')) await once(site, 'close')
    await cloud?.close()
    await store?.close()
  })

  it('is ready: it reaches its database by the encrypted link, and knows the version of its tables', async () => {
    const answer = await fetch(`${url}/api/v1/ready`)
    expect(await answer.json(), said).toMatchObject({ status: 'ready' })
    expect(answer.status).toBe(200)
  })

  it.each([
    '/',
    '/board.csv',
    '/methods/mate',
    '/datasets/fashion-mnist-mini',
    '/specs',
    '/submit',
    '/queue',
    '/docs/api',
    '/feed.xml',
    '/sitemap.xml',
    '/opengraph-image',
  ])('serves %s', async (path) => {
    const answer = await fetch(url + path)
    expect(answer.status, said).toBe(200)
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(400)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
  })

  it('shows what is published, with files from the bucket', async () => {
    expect(await (await fetch(url)).text()).toContain('published')
    const { data } = (await (await fetch(`${url}/api/v1/entries`)).json()) as { data: { id: string }[] }
    const entry = await fetch(`${url}/entries/${data[0]?.id}`)
    expect([entry.status, await entry.text()]).toEqual([200, expect.stringContaining(run.manifest.runId)])
    const [artifact] = run.manifest.artifacts
    const file = await fetch(`${url}/api/v1/artifacts/${artifact?.sha256}`)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(await run.readFile(artifact?.file ?? ''))
  })

  it('keeps what everybody is given alike as bytes until something is published', async () => {
    for (const path of ['/', '/board.csv', '/api/v1/entries']) {
      const answer = await fetch(url + path, { headers: { 'accept-encoding': 'gzip' } })
      const etag = answer.headers.get('etag') ?? ''
      expect([answer.status, answer.headers.get('content-encoding')], path).toEqual([200, 'gzip'])
      expect(answer.headers.get('cache-control'), path).toMatch(/^public, max-age=0, s-maxage=\d+, stale-/)
      const headers = { 'if-none-match': etag, 'accept-encoding': 'gzip' }
      expect((await fetch(url + path, { headers })).status, path).toBe(304)
    }
    const page = await fetch(url)
    const html = await page.text()
    expect(page.headers.get('content-security-policy')).toMatch(
      /script-src 'self' ('sha256-[\w+/=]{44}' ?)+;/,
    )
    expect(html).not.toContain('nonce')
    expect(html).not.toContain('/_next/static/chunks/turbopack')
    const script = await fetch(url + /\/scripts\/[^"]+/.exec(html)?.[0])
    expect([script.status, script.headers.get('cache-control')]).toEqual([
      200,
      expect.stringContaining('immutable'),
    ])
    const withReact = await (await fetch(`${url}/try/train`)).text()
    const data = await fetch(url + /\/_page\/[^"]+/.exec(withReact)?.[0])
    expect([data.status, await data.text()]).toEqual([200, expect.stringContaining('__next_f')])

    const next = syntheticRun({ name: 'published-later' })
    await publishRun(store.db, await openArtifacts(), next, { tier: 'recomputed' })
    await sleep(1500)
    expect(await (await fetch(url)).text()).toContain('published-later')
  })

  it.each([
    ['TRACE', '/api/v1/entries', 405, 'GET, HEAD'],
    ['PROPFIND', '/', 405, 'GET, HEAD, OPTIONS'],
    ['TRACE', '/api/v1/nothing', 404, undefined],
  ])('answers %s %s, which Next.js cannot be asked with', async (method, path, status, allow) => {
    const { port } = new URL(url)
    const asked = request({ host: '127.0.0.1', port, method, path }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    expect([answer.statusCode, answer.headers.allow], said).toEqual([status, allow])
    answer.resume()
  })

  it('hands an approved submission to AWS Batch', async () => {
    const post = async (path: string, body: unknown) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      return { status: answer.status, body: (await answer.json()) as { id: string; state: string } }
    }
    const submitted = await post('/submissions', tinySpec({ name: 'from-lambda', seeds: [1] }))
    expect(submitted.status, JSON.stringify(submitted.body)).toBe(201)
    const { id } = submitted.body
    expect((await post(`/submissions/${id}/approve`, {})).status).toBe(200)
    const job = async () => (await trainingJobsOf(store.db, id))[0]
    while (!(await job())?.batchJobId) await sleep(100)
    expect((await job())?.runId).toMatch(/^run_/)
    expect((await post(`/submissions/${id}/cancel`, {})).status).toBe(200)
  })
})

it.runIf(!built)('the site is not built: npm run infra:site, then again', () => {
  expect(process.env.MATE_BENCH_EXPECT_SITE, '.ci/run builds the site first').toBeUndefined()
})
