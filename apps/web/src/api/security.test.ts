import { createToken, parseToken, publishRun, revokeToken } from '@mate-bench/store'
import { syntheticRun } from '@mate-bench/store/testing'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import { badgeSvg } from './badge-svg.ts'
import type { TrustedProxy } from './middleware/client-address.ts'
import { jsonHeaders, openTestApi, type TestApi, testLimits } from './testing/test-api.ts'

const oneProxy: TrustedProxy = { kind: 'forwarded-for', proxies: 1 }
let api: TestApi
let token: string
beforeAll(async () => {
  api = await openTestApi({ trustedProxy: oneProxy })
  token = await api.token(['submit', 'approve'])
})
afterAll(async () => {
  await api?.close()
})

const spec = JSON.stringify(tinySpec())
const post = async (body: BodyInit, headers: Record<string, string> = jsonHeaders(token)) =>
  await api.request('/submissions', { method: 'POST', headers, body })
const count = async () => {
  const { rows } = await api.store.db.execute<{ n: number }>(sql`select count(*)::int as n from submissions`)
  return rows[0]?.n
}

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
      headers: jsonHeaders(token),
      body: untold,
      duplex: 'half',
    } as RequestInit)
    expect((await api.app.request(request)).status).toBe(413)
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
    const { 'content-type': _, ...headers } = jsonHeaders(token)
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
    expect((await api.app.request(request)).status).toBe(401)
    expect(pulled).toBe(0)
  })
})

describe('SQL and HTML', () => {
  const nasty = [
    `'; drop table submissions; --`,
    `<script>alert(1)</script>`,
    '\u0000',
    '%00',
    '../../etc/passwd',
    '{{7*7}}',
  ]

  it('in every place of a query and path are data', async () => {
    const before = await count()
    for (const text of nasty) {
      const value = encodeURIComponent(text)
      for (const path of [
        ...['method', 'dataset', 'backbone', 'backend', 'tier', 'track', 'spec', 'cursor', 'limit'].map(
          (name) => `/entries?${name}=${value}`,
        ),
        ...['entry', 'spec', 'track', 'method', 'backend', 'cursor'].map((name) => `/runs?${name}=${value}`),
        ...['name', 'method', 'cursor'].map((name) => `/specs?${name}=${value}`),
        ...['dataset', 'paper', 'architecture', 'metric'].map(
          (name) => `/published-results?${name}=${value}`,
        ),
        ...['state', 'spec', 'cursor'].map((name) => `/submissions?${name}=${value}`),
        ...[
          'entries',
          'runs',
          'specs',
          'tracks',
          'methods',
          'datasets',
          'submissions',
          'badges',
          'artifacts',
        ].map((name) => `/${name}/${value}`),
      ]) {
        const response = await api.request(path)
        expect(response.status, path).toBeLessThan(500)
        expect(response.headers.get('content-type'), path).toMatch(/^application\/(problem\+)?json/)
      }
    }
    expect(await count()).toBe(before)
    expect(api.errors).toEqual([])
  })

  it('in every field of a spec are refused or kept as they are', async () => {
    const base = { ...tinySpec(), $schema: 'spec.schema.json', description: 'tiny' }
    const fields = leavesOf(base)
    for (const name of [
      'backbone',
      'head',
      'method',
      'optimizer',
      'schedule',
      'augmentation',
      'checkpoint',
    ]) {
      expect(fields.some((path) => path.includes(name) && path.at(-1) === 'name')).toBe(true)
    }
    for (const text of nasty) {
      for (const path of [...fields, [text], ['method', text]]) {
        const response = await post(JSON.stringify(changed(base, path, text)))
        const free = path.length === 1 && ['$schema', 'description'].includes(String(path[0]))
        expect(response.status, `${path.join('.')} ${text}`).toBe(text === '\u0000' ? 400 : free ? 201 : 422)
        if (response.status === 201) {
          expect((await response.json()).spec).toMatchObject({ [String(path[0])]: text })
        }
      }
    }
    const description = nasty.filter((text) => text !== '\u0000').join(' ')
    const { id } = await (await post(JSON.stringify({ ...base, description }))).json()
    const note = encodeURIComponent(description)
    const rejected = await api.request(`/submissions/${id}/reject?note=${note}`, {
      method: 'POST',
      headers: jsonHeaders(token),
    })
    expect(await rejected.json()).toMatchObject({
      spec: { description },
      history: [expect.anything(), { note: description }],
    })
  })

  it('in an Idempotency-Key are refused or no more than a name', async () => {
    for (const key of nasty.filter((text) => text !== '\u0000')) {
      const send = async () => await post(spec, jsonHeaders(token, { 'idempotency-key': key }))
      const [first, second] = [await send(), await send()]
      if (key.includes(' ')) {
        expect([first.status, second.status], key).toEqual([400, 400])
      } else {
        expect([first.status, second.status], key).toEqual([201, 201])
        expect(await second.json()).toEqual(await first.json())
      }
    }
    for (const key of ['é', '', 'k'.repeat(201)]) {
      expect((await post(spec, jsonHeaders(token, { 'idempotency-key': key }))).status, key).toBe(400)
    }
  })

  it('with a NUL, which Postgres can not keep, are refused and not a fault of ours', async () => {
    const response = await post(JSON.stringify(tinySpec({ description: 'a\u0000b' })))
    expect(response.status).toBe(400)
    const { id } = await (await post(spec)).json()
    const rejected = await api.request(`/submissions/${id}/reject?note=%00`, {
      method: 'POST',
      headers: jsonHeaders(token),
    })
    expect(rejected.status).toBe(400)
  })

  it('can not leave a badge', async () => {
    const svg = badgeSvg('<script>alert("1")</script>&\u0000', `'><img src=x onerror=alert(1)>`)
    expect(svg).not.toMatch(/<script|<img|"1"|\p{Cc}(?!$)/u)
    expect(svg).toContain('&lt;script&gt;')
    const run = syntheticRun({ name: 'badge' })
    await publishRun(api.store.db, api.artifacts, run, { tier: 'reported' })
    const { data } = await (await api.request('/entries')).json()
    const response = await api.request(`/badges/${data[0].id}`)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

/** Where a document holds something that is neither object nor list. */
function leavesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return members.flatMap(([key, member]) => leavesOf(member, [...path, key]))
}

/** A copy with another value at a path. */
function changed(document: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const copy = structuredClone(document) as Record<string | number, unknown>
  copy[key] = changed(copy[key], rest, value)
  return copy
}

describe('tokens', () => {
  const withToken = async (authorization: string | undefined) =>
    await api.request('/submissions', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: spec,
    })

  it('that are forged, expired, revoked or none are refused, before the body is judged', async () => {
    const before = await count()
    const [, id = '', secret = ''] = /^mb_(\w+?)_(.+)$/.exec(token) ?? []
    const expired = await api.token(['submit'], { days: -1 })
    const revoked = await api.token(['submit'])
    await revokeToken(api.store.db, parseToken(revoked)?.id ?? '', api.time.now)
    const other = secret.startsWith('A') ? 'B' : 'A'
    for (const bad of [
      undefined,
      'Bearer',
      'Bearer ',
      `Basic ${Buffer.from(token).toString('base64')}`,
      `Bearer mb_${id}_${other}${secret.slice(1)}`,
      `Bearer mb_000000000000_${secret}`,
      `Bearer ${secret}`,
      `Bearer ${token}, Bearer ${token}`,
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
    const short = await api.token(['submit'], { days: 1 })
    expect((await withToken(`Bearer ${short}`)).status).toBe(201)
    const now = api.time.now
    api.time.now = new Date(now.getTime() + 24 * 3600 * 1000)
    expect((await withToken(`Bearer ${short}`)).status).toBe(401)
    api.time.now = now
  })

  it('appear in no answer, no log and no table', async () => {
    const secret = parseToken(token)?.secret ?? 'none'
    const spoken: string[] = []
    const listen =
      () =>
      (...words: unknown[]) =>
        void spoken.push(words.map(String).join(' '))
    const spies = (['log', 'error', 'warn', 'info'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(listen()),
    )
    const answers: string[] = []
    for (const body of [spec, '{}', '[', `{"name": "${token}"}`.slice(0, 20)]) {
      const response = await post(body)
      answers.push(await response.text(), JSON.stringify([...response.headers]))
    }
    for (const path of ['/submissions', '/health', '/ready', '/openapi.json']) {
      answers.push(await (await api.request(path)).text())
    }
    for (const spy of spies) spy.mockRestore()
    const { rows } = await api.store.db.execute(
      sql`select to_json(t) as row from api_tokens t union all select to_json(s) from submissions s union all select to_json(e) from submission_events e union all select to_json(i) from idempotency_keys i`,
    )
    for (const text of [...answers, ...spoken, JSON.stringify(rows), JSON.stringify(api.errors)]) {
      expect(text).not.toContain(secret)
    }
    expect(answers.join()).toContain('submitted')
  })
})

describe('limits', () => {
  it('let exactly the allowed number of 60 parallel posts pass', async () => {
    const limited = await openTestApi({
      limits: { ...testLimits, perToken: { burst: 20, perMinute: 60 } },
    })
    try {
      const own = await limited.token(['submit'])
      const responses = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          limited.request('/submissions', {
            method: 'POST',
            headers: jsonHeaders(own, { 'idempotency-key': `key-${i}` }),
            body: spec,
          }),
        ),
      )
      expect(responses.filter(({ status }) => status === 201)).toHaveLength(20)
      const refused = responses.filter(({ status }) => status === 429)
      expect(refused).toHaveLength(40)
      expect(refused.every(({ headers }) => headers.get('retry-after') === '1')).toBe(true)
      const { data } = await (await limited.request('/submissions?limit=200')).json()
      expect(data).toHaveLength(20)
      limited.time.now = new Date(limited.time.now.getTime() + 1000)
      const later = await limited.request('/submissions', {
        method: 'POST',
        headers: jsonHeaders(own),
        body: spec,
      })
      expect(later.status).toBe(201)
      expect((await limited.request('/submissions')).status).toBe(200)
    } finally {
      await limited.close()
    }
  })

  it('bound the guessing of tokens by address', async () => {
    const limited = await openTestApi({
      trustedProxy: oneProxy,
      limits: { ...testLimits, perAddress: { burst: 5, perMinute: 6 } },
    })
    try {
      const guess = async (forwarded: string) =>
        (
          await limited.request('/submissions', {
            method: 'POST',
            headers: { authorization: 'Bearer mb_x', 'x-forwarded-for': forwarded },
          })
        ).status
      // The client's own claim stands left of what the proxy saw.
      const statuses: number[] = []
      for (let i = 0; i < 7; i++) statuses.push(await guess(`198.51.100.${i}, 203.0.113.7`))
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
      expect(await guess('203.0.113.8')).toBe(401)
    } finally {
      await limited.close()
    }
  })

  it('of clients without a known address do not let those without a token shut out those with one', async () => {
    const limited = await openTestApi({ limits: { ...testLimits, perAddress: { burst: 5, perMinute: 6 } } })
    try {
      const submitted = async (authorization: string) =>
        (
          await limited.request('/submissions', {
            method: 'POST',
            headers: { ...jsonHeaders(''), authorization, 'x-forwarded-for': '203.0.113.7' },
            body: spec,
          })
        ).status
      const own = await limited.token(['submit'])
      const guesses: number[] = []
      for (let i = 0; i < 7; i++) guesses.push(await submitted('Bearer mb_x'))
      // Whatever they claim to be, guesses share one allowance.
      expect(guesses).toEqual([401, 401, 401, 401, 401, 429, 429])
      expect(await submitted(`Bearer ${own}`)).toBe(201)
    } finally {
      await limited.close()
    }
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
  ])('can not be named %s', async (name) => {
    const response = await api.request(`/artifacts/${name}`)
    expect([400, 404]).toContain(response.status)
    expect(await response.text()).not.toContain('root:')
  })
})

it('does not let a token be made over HTTP', async () => {
  await createToken(api.store.db, {
    name: 'x',
    owner: 'ada',
    scopes: ['admin'],
    expiresAt: new Date('2100-01-01'),
  })
  for (const path of ['/tokens', '/token', '/api-tokens']) {
    expect(
      (await api.request(path, { method: 'POST', headers: jsonHeaders(token), body: '{}' })).status,
    ).toBe(404)
  }
})
