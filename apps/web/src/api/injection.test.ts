import { publishRun } from '@mate-bench/store'
import { syntheticRun } from '@mate-bench/store/testing'
import { describe, expect, it } from 'vitest'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import { badgeSvg } from './badge-svg.ts'
import { specSender } from './testing/spec-sender.ts'
import { jsonHeaders } from './testing/test-api.ts'

const { api, token, post, count } = specSender()
const spec = JSON.stringify(tinySpec())

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
        const response = await api().request(path)
        expect(response.status, path).toBeLessThan(500)
        expect(response.headers.get('content-type'), path).toMatch(/^application\/(problem\+)?json/)
      }
    }
    expect(await count()).toBe(before)
    expect(api().errors).toEqual([])
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
    const rejected = await api().request(`/submissions/${id}/reject?note=${note}`, {
      method: 'POST',
      headers: jsonHeaders(token()),
    })
    expect(await rejected.json()).toMatchObject({
      spec: { description },
      history: [expect.anything(), { note: description }],
    })
  })

  it('in an Idempotency-Key are refused or no more than a name', async () => {
    for (const key of nasty.filter((text) => text !== '\u0000')) {
      const send = async () => await post(spec, jsonHeaders(token(), { 'idempotency-key': key }))
      const [first, second] = [await send(), await send()]
      if (key.includes(' ')) {
        expect([first.status, second.status], key).toEqual([400, 400])
      } else {
        expect([first.status, second.status], key).toEqual([201, 201])
        expect(await second.json()).toEqual(await first.json())
      }
    }
    for (const key of ['é', '', 'k'.repeat(201)]) {
      expect((await post(spec, jsonHeaders(token(), { 'idempotency-key': key }))).status, key).toBe(400)
    }
  })

  it.each([
    ['NUL, which Postgres cannot keep', 'a\u0000b', 'U+0000 (NUL) at character 2'],
    ['a terminal escape', 'plain \u001b[31mred', 'U+001B (escape) at character 7'],
    ['a mark that turns what follows', '\u202egnp.exe', 'U+202E (bidirectional control) at character 1'],
  ])('with %s are refused with path, position and hint', async (_, description, where) => {
    const response = await post(JSON.stringify(tinySpec({ description })))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'bad-input',
      hint: expect.stringContaining('plain text'),
      problems: [{ path: 'description', message: `The text holds ${where}.` }],
    })
    const { id } = await (await post(spec)).json()
    const note = encodeURIComponent(description)
    const rejected = await api().request(`/submissions/${id}/reject?note=${note}`, {
      method: 'POST',
      headers: jsonHeaders(token()),
    })
    expect(rejected.status).toBe(400)
    expect(await rejected.json()).toMatchObject({ problems: [{ path: 'note' }] })
  })

  it('that are no UTF-8 are refused where they are not, and a byte order mark is passed over', async () => {
    const bytes = Buffer.from(spec)
    bytes[spec.indexOf('tiny')] = 0xff
    const response = await post(bytes)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      detail: `the body is not text in UTF-8: byte ${spec.indexOf('tiny') + 1} begins no character.`,
      hint: expect.stringContaining('UTF-8'),
    })
    expect((await post(`\ufeff${spec}`)).status).toBe(201)
  })

  it('cannot leave a badge', async () => {
    const svg = badgeSvg('<script>alert("1")</script>&\u0000', `'><img src=x onerror=alert(1)>`)
    expect(svg).not.toMatch(/<script|<img|"1"|\p{Cc}(?!$)/u)
    expect(svg).toContain('&lt;script&gt;')
    const run = syntheticRun({ name: 'badge' })
    await publishRun(api().store.db, api().artifacts, run, { tier: 'reported' })
    const { data } = await (await api().request('/entries')).json()
    const response = await api().request(`/badges/${data[0].id}`)
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
