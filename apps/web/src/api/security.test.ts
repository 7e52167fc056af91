import { parseToken, revokeToken } from '@mate-bench/store'
import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import { specSender } from './testing/spec-sender.ts'
import { jsonHeaders } from './testing/test-api.ts'

const { api, token, post, count } = specSender()
const spec = JSON.stringify(tinySpec())

describe('bodies', () => {
  it('are refused when they are too large, told or not', async () => {
    const large = JSON.stringify({ ...tinySpec(), description: 'x'.repeat(1_000_001) })
    expect((await post(large)).status).toBe(413)
    const untold = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(100_000).fill(32))
      },
    })
    const request = new Request('http://localhost/api/v1/submissions', {
      method: 'POST',
      headers: jsonHeaders(token()),
      body: untold,
      duplex: 'half',
    } as RequestInit)
    expect((await api().app.request(request)).status).toBe(413)
  })

  it.each([
    ['nested arrays', '['.repeat(100_000)],
    ['nested objects', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`],
    ['a key that reaches the prototype', '{"__proto__": {"admin": true}}'],
    ['the same key twice', '{"name": "a", "name": "b"}'],
    ['no JSON', 'name: tiny'],
    ['a number that is none', '{"seeds": [NaN]}'],
    ['nothing', ''],
  ])('that hold %s are refused before they are looked at', async (_, body) => {
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'bad-input' })
  })

  it('with tens of thousands of faults are answered with the first hundred', async () => {
    const keys = Array.from({ length: 70_000 }, (_, i) => `"k${i}": 1`)
    const response = await post(`{\n${keys.join(',\n')}\n}`)
    expect(response.status).toBe(422)
    const { problems } = await response.json()
    expect(problems.length).toBeLessThan(150)
    expect(problems).toContainEqual({ path: '$', message: expect.stringMatching(/^There are 69\d{3} more/) })
  })

  it.each(['null', '[]', '"spec"', '1e999', '{"schemaVersion": 1}'])(
    'that are %s are no spec',
    async (body) => {
      expect([400, 422]).toContain((await post(body)).status)
    },
  )

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'text/json',
    '',
  ])('of type "%s" are refused, so that no form of another page can post one', async (type) => {
    const { 'content-type': _, ...headers } = jsonHeaders(token())
    const response = await post(
      new TextEncoder().encode(spec),
      type === '' ? headers : { ...headers, 'content-type': type },
    )
    expect(response.status).toBe(415)
  })

  it('are not read before the token is known', async () => {
    let pulled = 0
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled++
          controller.enqueue(new Uint8Array(1000))
        },
      },
      { highWaterMark: 0 },
    )
    const request = new Request('http://localhost/api/v1/submissions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await api().app.request(request)).status).toBe(401)
    expect(pulled).toBe(0)
  })
})

describe('tokens', () => {
  const withToken = async (authorization: string | undefined) =>
    await api().request('/submissions', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: spec,
    })

  it('that are forged, expired, revoked or none are refused, before the body is judged', async () => {
    const before = await count()
    const [, id = '', secret = ''] = /^mb_(\w+?)_(.+)$/.exec(token()) ?? []
    const expired = await api().token(['submit'], { days: -1 })
    const revoked = await api().token(['submit'])
    await revokeToken(api().store.db, parseToken(revoked)?.id ?? '', api().time.now)
    const other = secret.startsWith('A') ? 'B' : 'A'
    for (const bad of [
      undefined,
      'Bearer',
      'Bearer ',
      `Basic ${Buffer.from(token()).toString('base64')}`,
      `Bearer mb_${id}_${other}${secret.slice(1)}`,
      `Bearer mb_000000000000_${secret}`,
      `Bearer ${secret}`,
      `Bearer ${token()}, Bearer ${token()}`,
      `Bearer mb_${id}_' or '1'='1`,
      `Bearer ${expired}`,
      `Bearer ${revoked}`,
    ]) {
      const response = await withToken(bad)
      expect(response.status, bad).toBe(401)
      expect(response.headers.get('www-authenticate'), bad).toMatch(/^Bearer/)
      expect((await withToken(bad)).headers.get('cache-control')).toBe('no-store')
    }
    expect(await count()).toBe(before)
  })

  it('expire while the server runs', async () => {
    const short = await api().token(['submit'], { days: 1 })
    expect((await withToken(`Bearer ${short}`)).status).toBe(201)
    const now = api().time.now
    api().time.now = new Date(now.getTime() + 24 * 3600 * 1000)
    expect((await withToken(`Bearer ${short}`)).status).toBe(401)
    api().time.now = now
  })

  it('appear in no answer, no log and no table', async () => {
    const secret = parseToken(token())?.secret ?? 'none'
    const spoken: string[] = []
    const listen = (...words: unknown[]) => void spoken.push(words.map(String).join(' '))
    const spies = (['log', 'error', 'warn', 'info'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(listen),
    )
    const answers: string[] = []
    for (const body of [spec, '{}', '[', `{"name": "${token()}"}`]) {
      const response = await post(body)
      answers.push(await response.text(), JSON.stringify([...response.headers]))
    }
    for (const path of ['/submissions', '/health', '/ready', '/openapi.json']) {
      answers.push(await (await api().request(path)).text())
    }
    for (const spy of spies) spy.mockRestore()
    const { rows } = await api().store.db.execute(
      sql`select to_json(t) as row from api_tokens t union all select to_json(s) from submissions s union all select to_json(e) from submission_events e union all select to_json(i) from idempotency_keys i`,
    )
    for (const text of [...answers, ...spoken, JSON.stringify(rows), JSON.stringify(api().errors)]) {
      expect(text).not.toContain(secret)
    }
    expect(answers.join()).toContain('submitted')
  })
})

describe('artifacts', () => {
  it.each([
    '../../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/etc/passwd',
    'sha256/../../x',
    'A'.repeat(64),
    `${'a'.repeat(64)}/../x`,
    `${'a'.repeat(64)}%00`,
    'file:///etc/passwd',
    'http://127.0.0.1/',
  ])('cannot be named %s', async (name) => {
    const response = await api().request(`/artifacts/${name}`)
    expect([400, 404]).toContain(response.status)
    expect(await response.text()).not.toContain('root:')
  })
})

it('does not let a token be made over HTTP', async () => {
  for (const path of ['/tokens', '/token', '/api-tokens']) {
    expect(
      (await api().request(path, { method: 'POST', headers: jsonHeaders(token()), body: '{}' })).status,
    ).toBe(404)
  }
})
