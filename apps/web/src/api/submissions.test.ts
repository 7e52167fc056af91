import { planSpec } from '@mate-bench/harness/plan'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import { jsonHeaders, openTestApi, type TestApi, testLimits } from './testing/test-api.ts'
import { totalMacs } from './total-macs.ts'

const limits = { ...testLimits, macsPerSubmission: 1e12 }
let api: TestApi
let author: string
let reviewer: string
beforeAll(async () => {
  api = await openTestApi({ limits })
  author = await api.token(['submit'])
  reviewer = await api.token(['approve'], { owner: 'grace' })
})
afterAll(async () => {
  await api?.close()
})

const spec = JSON.stringify(tinySpec())
const seeds = (count: number) => Array.from({ length: count }, (_, i) => i)
const post = async (body: string, token = author, headers: Record<string, string> = {}) =>
  await api.request('/submissions', { method: 'POST', headers: jsonHeaders(token, headers), body })
const submit = async (token = author): Promise<string> => (await (await post(spec, token)).json()).id
const act = async (id: string, what: string, token: string) =>
  await api.request(`/submissions/${id}/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })

describe('POST /submissions', () => {
  it('accepts a spec and shows where it stands', async () => {
    const response = await post(spec)
    expect(response.status).toBe(201)
    const answer = await response.json()
    expect(response.headers.get('location')).toBe(`/api/v1/submissions/${answer.id}`)
    expect(answer).toMatchObject({
      state: 'submitted',
      submitter: 'ada',
      seeds: 2,
      position: null,
      progress: null,
      totalMacs: totalMacs(planSpec(tinySpec())),
      history: [{ actor: 'ada', fromState: null, toState: 'submitted' }],
    })
    expect(await (await api.request(`/submissions/${answer.id}`)).json()).toEqual(answer)
    const { data } = await (await api.request('/submissions?state=submitted&limit=1')).json()
    expect(data).toMatchObject([{ id: answer.id, name: 'tiny' }])
  })

  it('tells of others that ask for the same, but not of those that nobody trains', async () => {
    const twice = JSON.stringify(tinySpec({ name: 'twice' }))
    const answerTo = async (body: string) => await (await post(body)).json()
    const first = await answerTo(twice)
    expect(first.sameSpec).toEqual([])
    const second = await answerTo(twice)
    expect(second.sameSpec).toEqual([{ id: first.id, state: 'submitted', createdAt: first.createdAt }])
    // Whoever decides on the first sees the second too.
    const { sameSpec } = await (await api.request(`/submissions/${first.id}`)).json()
    expect(sameSpec).toMatchObject([{ id: second.id }])
    await act(first.id, 'cancel', author)
    expect((await answerTo(twice)).sameSpec).toMatchObject([{ id: second.id }])
    expect((await answerTo(JSON.stringify(tinySpec({ name: 'twice', seeds: [7] })))).sameSpec).toEqual([])
  })

  it('names every problem of a spec at once', async () => {
    const bad = { ...tinySpec(), method: { name: 'mat' }, seeds: [1, 1], extra: true }
    const response = await post(JSON.stringify(bad))
    expect(response.status).toBe(422)
    const { code, problems } = await response.json()
    expect(code).toBe('bad-spec')
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'method.name', hint: 'Did you mean "mate"?' }),
        expect.objectContaining({ path: 'seeds[1]' }),
        expect.objectContaining({ path: 'extra' }),
      ]),
    )
  })

  it.each([
    ['method.keyDimension', { method: { name: 'mate', keyDimension: 9007199254740991 } }, 'at most 4096'],
    ['method.temperature', { method: { name: 'mate', temperature: 1e308 } }, 'at most 1000'],
    [
      'training.optimizer.learningRate',
      { training: { ...tinySpec().training, optimizer: { name: 'sgd', learningRate: 1e308 } } },
      'at most 1000',
    ],
    [
      'evaluation.protocols',
      { evaluation: { protocols: Array.from({ length: 50_000 }, () => 'anytime') } },
      'at most 3 items',
    ],
  ])('refuses %s beyond its range, and states it', async (path, change, range) => {
    const response = await post(JSON.stringify({ ...tinySpec(), ...change }))
    expect(response.status).toBe(422)
    const { problems } = await response.json()
    expect(problems).toMatchObject([{ path, message: expect.stringContaining(range) }])
  })

  it('counts all training and evaluation against the limit', async () => {
    const plan = planSpec(tinySpec())
    // 2 seeds x (3 passes forward and backward over 3 epochs of 80 images + 20 validation images 4 times + 1000 test images)
    const judged = plan.forwardMacs * (20 * 4 + 1000)
    expect(totalMacs(plan)).toBe(2 * ((plan.forwardMacs + plan.methodMacs) * 3 * 3 * 80 + judged))
    // MATE with widths 2, 4, 8: two projections, queries and keys of three exits, and their scores, of one dimension.
    expect(plan.methodMacs).toBe(2 * 8 + 4 * 8 + 2 * 3 * 8 * 1 + 3 * 3 * 1)
    const { training } = tinySpec()
    const dear = tinySpec({ training: { ...training, epochs: 10_000 }, seeds: seeds(100) })
    const response = await post(JSON.stringify(dear))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      code: 'over-limit',
      detail: expect.stringMatching(/more than the 1\.00\sT MACs that one submission may request/),
    })
  })

  it('holds what a run keeps in memory to the limit, what its method adds included', async () => {
    const { training } = tinySpec()
    const short = { ...training, epochs: 1, schedule: { name: 'constant' } }
    const plain = tinySpec({ method: { name: 'joint' }, training: short })
    const heavy = tinySpec({ method: { name: 'bake', sameClass: 15 }, training: short })
    limits.bytesPerRun = 2 * planSpec(plain).trainingBytes
    try {
      expect((await post(JSON.stringify(plain))).status).toBe(201)
      const response = await post(JSON.stringify(heavy))
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({
        code: 'over-limit',
        detail: expect.stringContaining('while it trains'),
      })
    } finally {
      limits.bytesPerRun = testLimits.bytesPerRun
    }
  })
})

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'the-first' }

  it('gives a repeated request the same answer and makes one submission', async () => {
    const first = await post(spec, author, key)
    const again = await post(spec, author, key)
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(await again.text()).toBe(await first.text())
    const all = await Promise.all(
      Array.from({ length: 6 }, async () =>
        (await post(spec, author, { 'idempotency-key': 'at-once' })).json(),
      ),
    )
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
  })

  it('replays the first answer whatever became of the submission', async () => {
    const id = (await (await post(spec, author, { 'idempotency-key': 'later' })).json()).id
    await act(id, 'cancel', author)
    expect(await (await post(spec, author, { 'idempotency-key': 'later' })).json()).toMatchObject({
      id,
      state: 'submitted',
    })
  })

  it('replays it though the limit is lower by now, and refuses another body whatever is wrong with that', async () => {
    const key = { 'idempotency-key': 'before-the-limit' }
    const { id } = await (await post(spec, author, key)).json()
    limits.macsPerSubmission = 1
    try {
      const replay = await post(spec, author, key)
      expect([replay.status, (await replay.json()).id]).toEqual([201, id])
      expect(replay.headers.get('idempotency-replayed')).toBe('true')
      const others = ['{', '{}', JSON.stringify(tinySpec({ seeds: [9] }))]
      for (const other of others) expect((await post(other, author, key)).status).toBe(409)
      expect((await post(spec)).status).toBe(422)
    } finally {
      limits.macsPerSubmission = 1e12
    }
  })

  it('refuses another body under the same key, and does not keep refusals', async () => {
    const other = JSON.stringify(tinySpec({ seeds: [3] }))
    const response = await post(other, author, key)
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ code: 'conflict', problems: [{ path: 'Idempotency-Key' }] })
    expect((await post('{}', author, { 'idempotency-key': 'mended' })).status).toBe(422)
    expect((await post(other, author, { 'idempotency-key': 'mended' })).status).toBe(201)
    expect((await post(other, await api.token(['submit'], { owner: 'joan' }), key)).status).toBe(201)
    expect((await post(spec, author, { 'idempotency-key': 'a key' })).status).toBe(400)
  })
})

describe('who may do what', () => {
  it('lets a reviewer decide and nobody else', async () => {
    const id = await submit()
    expect((await act(id, 'approve', author)).status).toBe(403)
    expect((await post(spec, reviewer)).status).toBe(403)
    expect((await act(id, 'reject', reviewer)).status).toBe(200)
    const again = await act(id, 'approve', reviewer)
    expect(again.status).toBe(409)
    expect((await again.json()).detail).toContain('is rejected')
  })

  it('lets the owner cancel with any token of theirs, reviewers too, and nobody else', async () => {
    const stranger = await api.token(['submit'], { owner: 'mallory' })
    const otherTokenOfAda = await api.token(['submit'])
    const id = await submit()
    expect((await act(id, 'cancel', stranger)).status).toBe(403)
    const cancelled = await act(id, 'cancel', otherTokenOfAda)
    expect(await cancelled.json()).toMatchObject({ state: 'cancelled' })
    expect(await (await act(await submit(), 'cancel', reviewer)).json()).toMatchObject({ state: 'cancelled' })
  })

  it('lets an admin do everything', async () => {
    const admin = await api.token(['admin'], { owner: 'root' })
    expect(await (await act(await submit(admin), 'approve', admin)).json()).toMatchObject({
      state: 'approved',
      history: [{ actor: 'root' }, { actor: 'root', toState: 'approved' }],
    })
  })
})
