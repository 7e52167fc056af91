import { createHash } from 'node:crypto'
import { formerEntryIdOf, publishRun } from '@mate-bench/store'
import { syntheticRun } from '@mate-bench/store/testing'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing/test-api.ts'

let api: TestApi
const runs = [
  syntheticRun({ name: 'first', seed: 1 }),
  syntheticRun({ name: 'first', seed: 2 }),
  syntheticRun({ name: 'second', method: 'mate', seed: 1, top1: [0.6, 0.7, 0.9] }),
]

beforeAll(async () => {
  api = await openTestApi()
  for (const [i, run] of runs.entries()) {
    await publishRun(api.store.db, api.artifacts, run, {
      tier: i === 2 ? 'reported' : 'recomputed',
      publishedAt: new Date(Date.UTC(2026, 0, 1 + i)),
    })
  }
})
afterAll(async () => {
  await api?.close()
})

const get = async (path: string) => {
  const response = await api.request(path)
  expect(response.status, `${path}: ${await response.clone().text()}`).toBe(200)
  return await response.json()
}

describe('entries', () => {
  it('are listed newest first and filtered', async () => {
    const { data, next } = await get('/entries')
    expect(data.map(({ name, runs: n }: { name: string; runs: number }) => [name, n])).toEqual([
      ['second', 1],
      ['first', 2],
    ])
    expect(next).toBeNull()
    expect((await get('/entries?method=joint')).data).toMatchObject([{ name: 'first' }])
    expect((await get('/entries?tier=reported')).data).toMatchObject([{ name: 'second' }])
    expect((await get('/entries?backend=wasm')).data).toEqual([])
  })

  it('are paged by a cursor', async () => {
    const names: string[] = []
    let cursor = ''
    for (let pages = 0; pages < 5; pages++) {
      const page = await get(`/entries?limit=1${cursor}`)
      names.push(...page.data.map(({ name }: { name: string }) => name))
      if (page.next === null) break
      cursor = `&cursor=${encodeURIComponent(page.next)}`
    }
    expect(names).toEqual(['second', 'first'])
  })

  it('say mean, spread and interval of every exit, and n', async () => {
    const [, first] = (await get('/entries')).data
    const entry = await get(`/entries/${first.id}`)
    const top1 = [0, 1].map((i) => runs[i]?.manifest.results.exits[2]?.top1 ?? Number.NaN)
    const mean = top1.reduce((sum, value) => sum + value, 0) / 2
    const last = entry.exits[2]
    expect(last.top1).toMatchObject({ n: 2 })
    expect(last.top1.mean).toBeCloseTo(mean, 12)
    expect(last.interval.lower).toBeLessThan(mean)
    expect(last.interval.upper).toBeGreaterThan(mean)
    expect(last.interval.seedShare).toBe('own')
    expect(entry).toMatchObject({ seeds: [1, 2], spec: { name: 'first' }, repeatIds: [] })
    const single = await get(`/entries/${(await get('/entries?method=mate')).data[0].id}`)
    expect(single.exits[0]).toMatchObject({ top1: { sd: null, n: 1 }, interval: { seedShare: 'track' } })
  })

  it('are where the ids lead that they had when each spec made an entry', async () => {
    const [, first] = (await get('/entries')).data
    const { track, specDigest } = runs[0]?.manifest ?? syntheticRun().manifest
    const former = formerEntryIdOf(track.digest, specDigest)
    const response = await api.request(`/entries/${former}`)
    expect(response.status).toBe(308)
    expect(response.headers.get('location')).toMatch(new RegExp(`/entries/${first.id}$`))
    expect((await api.request(`/badges/${former}.svg`)).status).toBe(200)
  })

  it('are not answered with the interval of another classifier where one is missing', async () => {
    const [{ id }] = (await get('/entries?method=mate')).data
    const { rows } = await api.store.db.execute<{ aggregate: { counts: object } }>(
      sql`select aggregate from entry_aggregates where entry_id = ${id}`,
    )
    const aggregate = rows[0]?.aggregate
    const write = async (counts: object | undefined) =>
      await api.store.db.execute(
        sql`update entry_aggregates set aggregate = ${JSON.stringify({ ...aggregate, counts })} where entry_id = ${id}`,
      )
    await write({ ...aggregate?.counts, exits: [] })
    const response = await api.request(`/entries/${id}`)
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ code: 'internal' })
    await write(aggregate?.counts)
    expect(api.errors.splice(0)).toHaveLength(1)
    expect((await api.request(`/entries/${id}`)).status).toBe(200)
  })

  it('are ranked in the table of their track', async () => {
    const [track] = (await get('/tracks')).data
    expect(track).toMatchObject({ dataset: 'fashion-mnist-mini', entries: 2, runs: 3 })
    const { data } = await get(`/tracks/${track.digest}/table`)
    expect(data).toMatchObject([
      { name: 'first', group: 1, rank: 1, againstLeader: null, againstBaseline: null },
      // Of one seed: shown behind those that are ranked, however good it looks.
      {
        name: 'second',
        group: null,
        rank: null,
        againstLeader: { entry: data[0].id, seedShare: 'track', apart: false },
        againstBaseline: { entry: data[0].id },
      },
    ])
    expect(data[1].againstLeader.difference).toBeGreaterThan(0)
    expect(data[1].exits[0].interval.seedShare).toBe('track')
    const best = await get(`/tracks/${track.digest}/table?limit=1`)
    const last = await get(`/tracks/${track.digest}/table?limit=1&cursor=${best.next}`)
    expect([...best.data, ...last.data]).toEqual(data)
    expect(last.next).toBeNull()
    expect(await get(`/tracks/${track.digest}`)).toMatchObject({
      digest: track.digest,
      costConvention: 'macs',
    })
  })

  it('have a badge', async () => {
    const [entry] = (await get('/entries?method=mate')).data
    const response = await api.request(`/badges/${entry.id}.svg`)
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    const svg = await response.text()
    expect(svg).toContain('second on fashion-mnist-mini')
    expect(svg).toContain('n = 1')
    // The interval that the page shows, not the seeds' deviation.
    const { top1, interval } = (await get(`/entries/${entry.id}`)).exits.at(-1)
    const percent = (share: number) => (100 * share).toFixed(2)
    expect(svg).toContain(
      `${percent(top1.mean)} % [${percent(interval.lower)}, ${percent(interval.upper)}] top-1`,
    )
    expect(await (await api.request(`/badges/${entry.id}`)).text()).toBe(svg)
  })
})

describe('runs', () => {
  const run = runs[2]?.manifest
  const id = run?.runId ?? ''

  it('are listed, filtered and described', async () => {
    expect((await get('/runs')).data.map((row: { name: string }) => row.name)).toEqual([
      'second',
      'first',
      'first',
    ])
    expect((await get(`/runs?spec=${run?.specDigest}`)).data).toMatchObject([
      { id, seed: 1, tier: 'reported' },
    ])
    // A digest with and without `sha256:` is the same.
    for (const [list, member, digest] of [
      ['runs', 'spec', run?.specDigest],
      ['entries', 'track', run?.track.digest],
    ]) {
      const whole = await get(`/${list}?${member}=${digest}`)
      expect(whole.data.length).toBeGreaterThan(0)
      expect(await get(`/${list}?${member}=${digest?.replace('sha256:', '')}`)).toEqual(whole)
    }
    const one = await get(`/runs/${id}`)
    expect(one.artifacts.map(({ role }: { role: string }) => role)).toEqual(['spec', 'predictions'])
    expect(await get(`/runs/${id}/manifest`)).toEqual(run)
    const { data } = await get(`/runs/${id}/exits`)
    // Beyond 2^32, to the last digit.
    expect(data[3]).toMatchObject({ k: 3, sequentialMacs: 9_007_199_254_740_883 })
    expect(data[0]).toMatchObject({ k: 0, after: null })
  })

  it('give their files, held to their digest and cached for good', async () => {
    const [file] = (await get(`/runs/${id}`)).artifacts
    const response = await api.app.request(file.url)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256)
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
    const again = await api.app.request(file.url, {
      headers: { 'if-none-match': `"x", ${response.headers.get('etag')}` },
    })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
  })

  it('hand out only files that a run lists', async () => {
    const sha256 = await api.artifacts.put(new TextEncoder().encode('not of a run'), 'text/plain')
    expect((await api.request(`/artifacts/${sha256}`)).status).toBe(404)
  })
})

describe('what the program knows by itself', () => {
  it('lists methods, datasets and specs', async () => {
    const { data: methods } = await get('/methods')
    expect(methods.map(({ name }: { name: string }) => name)).toContain('mate')
    expect((await get('/methods/mate')).options.properties).toHaveProperty('temperature')
    expect(await get('/datasets/cifar100')).toMatchObject({ imageShape: [32, 32, 3], bundled: false })
    const [spec] = (await get('/specs?name=second')).data
    expect(await get(`/specs/${spec.digest}`)).toEqual(runs[2]?.manifest.spec)
    expect(await get(`/specs/${spec.digest.replace('sha256:', '')}`)).toEqual(runs[2]?.manifest.spec)
    expect((await get('/published-results')).data).toEqual([])
  })
})

describe('HTTP', () => {
  it('answers 304 to who has it already, with an ETag that changes with the answer', async () => {
    const first = await api.request('/entries')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[^"]+"$/)
    const again = await api.request('/entries', { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'))
    expect((await api.request('/entries?method=mate')).headers.get('etag')).not.toBe(etag)
    const weak = await api.request('/entries', { headers: { 'if-none-match': `W/${etag}` } })
    expect(weak.status).toBe(304)
  })

  const origin = 'https://elsewhere.example'
  const preflight = async (path: string, method: string) =>
    await api.request(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,if-none-match',
      },
    })

  it('lets any page read', async () => {
    const read = await api.request('/entries', { headers: { origin } })
    expect(read.headers.get('access-control-allow-origin')).toBe('*')
    expect(read.headers.get('access-control-allow-credentials')).toBeNull()
    const again = await api.request('/entries', {
      headers: { origin, 'if-none-match': read.headers.get('etag') ?? '' },
    })
    expect([again.status, again.headers.get('access-control-allow-origin')]).toEqual([304, '*'])
    const { headers } = await preflight('/entries', 'GET')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-methods')).toBe('GET,HEAD')
    // A token that a page has got hold of is not sent along.
    expect(headers.get('access-control-allow-headers')).toBe('if-none-match')
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('lets no page of others %s', async (method) => {
    const { status, headers } = await preflight('/submissions', method)
    expect(status).toBe(405)
    const answered = await api.request('/submissions', { method, headers: { origin } })
    for (const found of [headers, answered.headers]) {
      expect([...found.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })

  it('answers HEAD like GET without a body', async () => {
    const response = await api.request('/runs', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(response.headers.get('etag')).toBe((await api.request('/runs')).headers.get('etag'))
  })

  it.each([
    ['/nothing', 404, 'not-found'],
    ['/runs/run_00000000000000000000', 404, 'not-found'],
    ['/runs/run_x', 400, 'bad-input'],
    ['/runs/run_00000000000000000000/predictions?format=xml', 400, 'bad-input'],
    ['/entries?limit=0', 400, 'bad-input'],
    ['/entries?limit=1e9', 400, 'bad-input'],
    ['/entries?cursor=bm90aGluZw', 400, 'bad-input'],
    ['/entries?tier=best', 400, 'bad-input'],
    ['/methods/mat', 404, 'not-found'],
    ['/submissions/sub_00000000000000000000', 404, 'not-found'],
  ])('explains %s as a problem', async (path, status, code) => {
    const response = await api.request(path)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({
      status,
      code,
      type: `/docs/api#${code}`,
      title: expect.any(String),
    })
  })

  it('says which methods an address takes', async () => {
    const response = await api.request('/runs', { method: 'DELETE' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    const both = await api.request('/submissions', { method: 'PUT' })
    expect(both.headers.get('allow')).toBe('GET, HEAD, POST')
  })

  it('sends headers that keep an answer from being taken for a page', async () => {
    for (const path of ['/entries', '/nothing']) {
      const { headers } = await api.request(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })
})

describe('health', () => {
  it('tells the truth', async () => {
    expect(await get('/health')).toEqual({ status: 'ok' })
    expect(await get('/ready')).toMatchObject({ status: 'ready' })
    expect(await get('/version')).toMatchObject({
      version: expect.any(String),
      changedAt: expect.any(String),
    })
  })
})
