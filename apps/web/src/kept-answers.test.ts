import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AnswerRequest, importAnswers, type OwnAnswer } from './testing/answers.ts'

let answers: Awaited<ReturnType<typeof importAnswers<'kept-answers'>>>
let keptFor: Awaited<ReturnType<typeof importAnswers<'kept-paths'>>>['keptFor']
beforeAll(async () => {
  answers = await importAnswers('kept-answers')
  keptFor = (await importAnswers('kept-paths')).keptFor
})

/** A site that counts what it renders, over data that a test changes. */
function site(options: { behindReader?: boolean; most?: number; bytes?: number } = {}) {
  const state = { version: 'v1', content: 'one', time: 0, isAway: false }
  const asked: string[] = []
  const ask = async (path: string): Promise<OwnAnswer> => {
    asked.push(path)
    if (state.isAway) return { status: 503, headers: {}, body: Buffer.from('away') }
    if (path === '/api/v1/version') {
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ version: state.version })) }
    }
    if (path === '/missing') {
      const headers = { 'content-type': 'text/html' }
      return { status: 404, headers, body: Buffer.from('not found '.repeat(100)) }
    }
    const text = `${state.content} ${path} ${'x'.repeat(options.bytes ?? 1000)}`
    return {
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'private, no-cache, no-store',
        connection: 'keep-alive',
      },
      body: Buffer.from(text),
    }
  }
  const { behindReader = true, most = 1e6 } = options
  const answer = answers.createKeptAnswers(ask, { behindReader, most, now: () => state.time })
  const get = async (url: string, headers: Record<string, string> = {}, method = 'GET') =>
    await answer({ method, url, headers })
  const text = async (url: string) => String((await get(url))?.body?.toString('utf8')).split(' ', 1)[0]
  const rendered = () => asked.filter((path) => path !== '/api/v1/version').length
  const versionsAsked = () => asked.length - rendered()
  return { state, asked, get, text, rendered, versionsAsked }
}

describe('an answer that everybody is given alike', () => {
  it('is rendered once, for readers at the same time too, and one version a second is asked for', async () => {
    const { state, get, rendered, versionsAsked } = site()
    await Promise.all(Array.from({ length: 50 }, () => get('/')))
    expect([rendered(), versionsAsked()]).toEqual([1, 1])
    state.time = 999
    await get('/')
    expect(versionsAsked()).toBe(1)
    state.time = 1001
    await get('/')
    expect([rendered(), versionsAsked()]).toEqual([1, 2])
  })

  it('shows what is published a second and a half later at most', async () => {
    const { state, text } = site()
    expect(await text('/')).toBe('one')
    Object.assign(state, { version: 'v2', content: 'two', time: 900 })
    expect(await text('/')).toBe('one')
    // The next is being made behind this reader, who need not wait.
    state.time = 1400
    expect(await text('/')).toBe('one')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await text('/')).toBe('two')
  })

  it('is waited for when nobody has come for long', async () => {
    const { state, text } = site()
    await text('/')
    Object.assign(state, { version: 'v2', content: 'two', time: 60_000 })
    expect(await text('/')).toBe('two')
  })

  it('is not made behind a reader where a process is stopped then', async () => {
    const { state, text } = site({ behindReader: false })
    await text('/')
    Object.assign(state, { version: 'v2', content: 'two', time: 1100 })
    expect(await text('/')).toBe('two')
  })

  it('is made again when the version comes back after another one', async () => {
    const { state, text } = site()
    await text('/')
    Object.assign(state, { version: 'v2', content: 'two', time: 5000 })
    await text('/other')
    Object.assign(state, { version: 'v3', content: 'three', time: 10_000 })
    await text('/other')
    expect(await text('/')).toBe('three')
  })

  it('is not kept where nobody can say the version, or where the site has none', async () => {
    const { state, get, rendered } = site()
    state.isAway = true
    expect((await get('/'))?.status).toBe(503)
    state.isAway = false
    expect((await get('/'))?.status).toBe(200)
    for (let i = 0; i < 2; i++) {
      const missing = await get('/missing', { 'accept-encoding': 'gzip' })
      expect(missing).toMatchObject({ status: 404, headers: { 'content-encoding': 'gzip' } })
      expect(gunzipSync(missing?.body ?? '').toString()).toContain('not found')
    }
    expect(rendered()).toBe(4)
  })

  it('gives way to others when memory is full, the one that was asked for longest ago first', async () => {
    const { get, rendered } = site({ most: 20_000, bytes: 10 })
    for (let i = 0; i < 9; i++) await get(`/${i}`)
    await get('/0')
    await get('/9')
    expect(rendered()).toBe(10)
    await get('/0')
    expect(rendered()).toBe(10)
    await get('/1')
    expect(rendered()).toBe(11)
  })

  it('and stays where its readers come between two looks at the version', async () => {
    const { state, get, rendered } = site({ most: 20_000, bytes: 10 })
    for (let i = 0; i < 30; i++) {
      await get('/popular')
      await get(`/?q=${i}`)
      state.time += 5000
    }
    expect(rendered()).toBe(31)
  })
})

describe('the bytes', () => {
  it('are compressed once, as the reader can read them, each with an ETag of its own', async () => {
    const { get } = site()
    const plain = await get('/')
    const zipped = await get('/', { 'accept-encoding': 'gzip, deflate, br' })
    expect(gunzipSync(zipped?.body ?? '').equals(plain?.body ?? Buffer.alloc(0))).toBe(true)
    // Brotli comes a moment later.
    let brotli = zipped
    while (brotli?.headers['content-encoding'] !== 'br') {
      await new Promise((resolve) => setTimeout(resolve, 5))
      brotli = await get('/', { 'accept-encoding': 'gzip, br' })
    }
    expect(brotliDecompressSync(brotli.body ?? '').equals(plain?.body ?? Buffer.alloc(0))).toBe(true)
    expect(await get('/', { 'accept-encoding': 'gzip;q=0, br;q=0' })).toMatchObject({
      headers: { etag: plain?.headers.etag },
    })
    expect((await get('/', { 'accept-encoding': 'gzip;q=0, *' }))?.headers).not.toHaveProperty(
      'content-encoding',
    )
    expect((await get('/', { 'accept-encoding': 'deflate, *' }))?.headers).toHaveProperty(
      'content-encoding',
      'gzip',
    )
    expect(new Set([plain, zipped, brotli].map((answer) => answer?.headers.etag)).size).toBe(3)
    for (const answer of [plain, zipped, brotli]) {
      expect(answer?.headers).toMatchObject({
        etag: expect.stringMatching(/^"[\w-]+"$/),
        vary: 'accept-encoding',
        'content-length': String(answer?.body?.length),
      })
      expect(answer?.headers).not.toHaveProperty('connection')
    }
  })

  it('are not sent to who has them, in whichever encoding', async () => {
    const { get } = site()
    const etag = (await get('/', { 'accept-encoding': 'gzip' }))?.headers.etag ?? ''
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await get('/', { 'if-none-match': known, 'accept-encoding': 'gzip' })
      expect(answer, known).toMatchObject({ status: 304, body: undefined, headers: { etag } })
    }
    expect((await get('/', { 'if-none-match': '"other"' }))?.status).toBe(200)
  })

  it('are shown by caches on the way for a minute at most after they changed', async () => {
    const { get } = site()
    const caching = (await get('/'))?.headers['cache-control'] ?? ''
    const [, fresh = '', stale = ''] =
      /^public, max-age=0, s-maxage=(\d+), stale-while-revalidate=(\d+)$/.exec(caching) ?? []
    expect(Number(fresh)).toBeGreaterThan(0)
    expect(Number(fresh) + Number(stale)).toBeLessThanOrEqual(60)
  })
})

describe('what React needs of a page', () => {
  /** A page as Next writes it, of data that change. */
  function reactSite() {
    const state: { version: string; shown?: string; time: number } = { version: 'v1', time: 0 }
    const ask = async (path: string): Promise<OwnAnswer> => {
      if (path === '/api/v1/version')
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(state)) }
      const headers = {
        'content-type': 'text/html',
        'content-security-policy': "script-src 'nonce-abc' 'strict-dynamic'",
      }
      const shown = state.shown ?? state.version
      const html = `<meta name="needs-react" content="true"/><p>${shown}</p><script nonce="abc">self.__next_f.push([1,"${shown}"])</script>`
      return { status: 200, headers, body: Buffer.from(html) }
    }
    const instance = () => {
      const answer = answers.createKeptAnswers(ask, { behindReader: false, now: () => state.time })
      return async (url: string) => {
        const { status, headers, body } = (await answer({ method: 'GET', url, headers: {} })) ?? {}
        return { status, caching: headers?.['cache-control'], text: body?.toString() ?? '' }
      }
    }
    return { state, instance }
  }
  const dataOf = (html: string) => /src="([^"]+)"/.exec(html)?.[1] ?? ''
  const forGood = 'public, max-age=31536000, immutable'

  it('is a file for good, which any instance can give', async () => {
    const { instance } = reactSite()
    const [one, other] = [instance(), instance()]
    const page = await one('/?page=2')
    expect(page.text).toMatch(/<p>v1<\/p><script src="[^"]+"><\/script>$/)
    for (const get of [one, other]) {
      expect(await get(dataOf(page.text))).toEqual({
        status: 200,
        caching: forGood,
        text: 'self.__next_f.push([1,"v1"])\n',
      })
    }
  })

  it('is there for a moment after the page has changed, and then that of the new page, which nobody keeps', async () => {
    const { state, instance } = reactSite()
    const get = instance()
    const old = dataOf((await get('/')).text)
    Object.assign(state, { version: 'v2', time: 5000 })
    await get('/')
    expect(await get(old)).toMatchObject({ caching: forGood, text: expect.stringContaining('v1') })
    expect(await instance()(old)).toMatchObject({ caching: 'no-store', text: expect.stringContaining('v2') })
    // A change elsewhere does not push it out.
    Object.assign(state, { version: 'v3', shown: 'v2', time: 10_000 })
    await get('/')
    expect(await get(old)).toMatchObject({ caching: forGood, text: expect.stringContaining('v1') })
  })

  it.each(['/queue', 'queue', 'http://other/', ' ', '/☃'])('is not given of %s', async (page) => {
    const answer = await reactSite().instance()(`/_page/${'a'.repeat(27)}.js?of=${encodeURIComponent(page)}`)
    expect(answer.status).toBeUndefined()
  })
})

describe('what is kept', () => {
  const request = (url: string, more: Partial<AnswerRequest> = {}) =>
    keptFor({ method: 'GET', url, headers: {}, ...more })

  it.each(['/', '/?sort=macs&page=2', '/entries/x', '/board.csv', '/feed.xml', '/api/v1/entries?limit=5'])(
    '%s, as long as the data stay the same',
    (url) => expect(request(url)).toBe('data'),
  )

  it.each([
    '/queue',
    '/submit?spec=x',
    '/submissions/sub_1',
    '/api/v1/submissions?limit=1',
    '/api/v1/ready',
    '/api/v1/ledger/head',
    '/api/v1/ledger/events?limit=5',
  ])('not %s, which is live', (url) => expect(request(url)).toBeUndefined())

  it.each(['/runs/run_1/files/model.safetensors', '/api/v1/artifacts/ab', '/api/v1/runs/run_1/predictions'])(
    'not %s, which is large and named by its digest',
    (url) => expect(request(url)).toBeUndefined(),
  )

  it('nothing of a reader’s own: with a token, of Next’s router, by another method', () => {
    expect(request('/', { headers: { authorization: 'Bearer x' } })).toBeUndefined()
    expect(request('/', { headers: { rsc: '1' } })).toBeUndefined()
    expect(request('/', { method: 'POST' })).toBeUndefined()
    expect(request(`/?q=${'x'.repeat(3000)}`)).toBeUndefined()
    for (const url of ['queue', '', 'http://other/', '/☃', '/a b', '*'])
      expect(request(url), url).toBeUndefined()
    expect(request('/_next/static/chunks/a.js')).toBe('build')
  })
})
