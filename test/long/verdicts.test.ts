import { runSpec } from '@mate-bench/harness'
import { sealManifest } from '@mate-bench/harness/manifest'
import { readManifest } from '@mate-bench/harness/read-manifest'
import { formatKey, newKey, type SigningKey, signBinding, signVerdict } from '@mate-bench/harness/signing'
import { digestExperiment } from '@mate-bench/provenance'
import type { Envelope, Manifest, VerdictName } from '@mate-bench/schema'
import { eventsOfRun, recordStart, recordVerdict, rememberKey } from '@mate-bench/store'
import { publishFolder } from '@mate-bench/worker'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { jsonHeaders, openTestApi, type TestApi } from '../../apps/web/src/api/testing/test-api.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const maker = newKey('maker')
const other = newKey('other')

let api: TestApi
let published: Manifest
let again: Manifest

beforeAll(async () => {
  api = await openTestApi()
  // The ledger's clock goes on from what is published, which is of now.
  api.time.now = new Date(Date.now() + 3600 * 1000)
  const train = async () =>
    (await runSpec({ spec: tinySpec(), seed: 1, out: temporaryFolder(), backend: 'wasm' })).folder
  vi.stubEnv('MATE_BENCH_SIGNING_KEY', formatKey(maker))
  const folder = await train()
  vi.unstubAllEnvs()
  await publishFolder(api.store.db, api.artifacts, folder, { tier: 'recomputed' })
  published = readManifest(folder).manifest
  await rememberKey(api.store.db, maker.keyId, new Date(), 'mallory')
  again = readManifest(await train()).manifest
})
afterAll(async () => {
  await api?.close()
})

interface Sender {
  readonly owner?: string
  readonly scope?: 'submit' | 'approve'
  readonly envelope?: Envelope
  /** How long before the ledger was told of the trainings, if at all. @default half an hour */
  readonly begunSeconds?: number | undefined
}

async function send(manifests: readonly unknown[], sender: Sender = {}) {
  const { owner = 'ada', scope = 'submit', envelope } = sender
  const begun = 'begunSeconds' in sender ? sender.begunSeconds : 1800
  const key = envelope?.signatures[0]?.keyid
  if (key !== undefined && begun !== undefined) {
    for (const manifest of manifests) await begin(manifest as Manifest, key, begun)
  }
  const scopes = scope === 'submit' ? (['submit'] as const) : (['submit', 'approve'] as const)
  const token = await api.token(scopes, { owner })
  const answer = await api.request(`/runs/${published.runId}/verdicts`, {
    method: 'POST',
    headers: jsonHeaders(token),
    body: JSON.stringify({ manifests, envelope, binding: bindingOf(token, envelope) }),
  })
  return { status: answer.status, body: await answer.json() }
}

async function begin({ runId, specDigest, spec, seed }: Manifest, key: string, seconds: number) {
  const run = { runId, specDigest, seed, experimentDigest: digestExperiment(spec) }
  const now = new Date(api.time.now.getTime() - seconds * 1000)
  await recordStart(api.store.db, run, { key, now })
}

const keys = new Map<string, SigningKey>()

/** Made by whoever signed the envelope. */
function bindingOf(token: string, envelope: Envelope | undefined): Envelope | undefined {
  const key = keys.get(envelope?.signatures[0]?.keyid ?? '')
  return key && signBinding(key, { token, site: 'localhost' })
}

function signed(key: SigningKey, manifests: readonly Manifest[], verdict: VerdictName = 'identical') {
  keys.set(key.keyId, key)
  const { runId, manifestDigest } = published
  return signVerdict(key, { runId, manifestDigest, check: 'retraining', verdict, manifests })
}

/** Another training with the same numbers. */
const repeated = (digit: number) =>
  changed((manifest) => {
    manifest.runId = `run_0123456789abcdef${String(digit).padStart(4, '0')}`
    manifest.timing.wallSeconds = 60
  })

/** Sealed again after a change, so that its digest holds. */
function changed(change: (manifest: Manifest) => void): Manifest {
  const copy = structuredClone(again)
  change(copy)
  const { manifestDigest: _, ...content } = copy
  return sealManifest(content)
}

it('judges a repeated training that somebody sends, once, and gives the tier where the weights gave the predictions', async () => {
  const { status, body } = await send([again], { envelope: signed(other, [again]) })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    ...{ check: 'retraining', verdict: 'identical', effect: 'raises', thirdParty: true, checker: 'ada' },
    ...{ worker: null, place: { backend: 'wasm' }, key: other.keyId, standing: 'third-party' },
  })
  expect(await send([again], { owner: 'eve' })).toMatchObject({ status: 200, body: { id: body.id } })
  const tier = async () => (await (await api.request(`/runs/${published.runId}`)).json()).tier
  const before = await tier()
  expect(before).not.toBe('third-party')
  const { db } = api.store
  await db.transaction((tx) =>
    recordVerdict(tx, {
      ...{ runId: published.runId, check: 're-evaluation', verdict: 'equal', effect: 'raises', summary: 's' },
      evidence: {
        ...{ check: 're-evaluation', images: 1000, predictions: 4000, otherClasses: 0 },
        ...{ largestDifference: 0, tolerance: 0.001 },
      },
      ...{ cause: null, checker: 'ada', thirdParty: false, worker: 'w', manifest: null, submissionId: null },
      place: body.place,
    }),
  )
  expect(await tier()).toBe('third-party')
  const entry = (await (await api.request(`/runs/${published.runId}`)).json()).entryId
  const badge = await (await api.request(`/badges/${entry}.svg`)).text()
  expect(badge).toContain('third-party')
})

it('takes nobody’s word that a run does not hold, nor an operator’s for somebody else’s', async () => {
  const worse = changed((manifest) => {
    manifest.runId = 'run_0123456789abcdef0123'
    for (const exit of manifest.results.exits) exit.top1 /= 2
  })
  expect((await send([worse])).body).toMatchObject({ verdict: 'inconsistent', effect: 'none' })
  const byOperator = changed((manifest) => {
    manifest.runId = 'run_0123456789abcdef0124'
  })
  expect((await send([byOperator], { owner: 'grace', scope: 'approve' })).body).toMatchObject({
    ...{ effect: 'raises', thirdParty: false },
  })
})

it('keeps what was signed, for anybody to check', async () => {
  const run = repeated(1)
  const envelope = signed(other, [run])
  const { id } = (await send([run], { envelope })).body
  const detail = await (await api.request(`/verdicts/${id}`)).json()
  expect(detail).toMatchObject({ key: other.keyId, envelope })
})

it('tells a third party by its key and by its people', async () => {
  const standing = async (run: Manifest, sender: Sender) => {
    const { body } = await send([run], sender)
    return [body.standing, body.thirdParty, body.effect]
  }
  expect(await standing(repeated(2), { owner: 'bob' })).toEqual(['unsigned', false, 'none'])
  // Whoever has the key of the run made it, whatever their token says.
  const own = repeated(3)
  expect(await standing(own, { owner: 'mallory', envelope: signed(maker, [own]) })).toEqual([
    ...['maker', false, 'none'],
  ])
  // The maker's key is mallory's: with another key they are no third party either.
  const second = repeated(4)
  const envelope = signed(newKey('second'), [second])
  expect(await standing(second, { owner: 'mallory', envelope })).toEqual(['maker', false, 'none'])
})

it('raises nothing by what nobody registered before it trained', async () => {
  const standing = async (digit: number, begunSeconds: number | undefined, by = other) => {
    const run = repeated(digit)
    if (by !== other) await begin(run, by.keyId, 1800)
    const envelope = signed(other, [run])
    const sender = { owner: `ben${digit}`, envelope, begunSeconds: by === other ? begunSeconds : undefined }
    const { body } = await send([run], sender)
    return [body.standing, body.thirdParty, body.effect]
  }
  const nothing = ['unregistered', false, 'none']
  expect(await standing(20, undefined)).toEqual(nothing)
  // Written down a moment ago, though the training says that it took longer.
  expect(await standing(21, 0.5)).toEqual(nothing)
  expect(await standing(22, undefined, newKey('another'))).toEqual(nothing)
  // The ledger's clock is never set back, not even by a test.
  api.time.now = new Date(api.time.now.getTime() + 3600 * 1000)
  expect(await standing(23, 1800)).toEqual(['third-party', true, 'raises'])
  const kinds = async (digit: number) =>
    (await eventsOfRun(api.store.db, repeated(digit).runId)).map(({ event }) => event.kind)
  // It was not left out, though nobody publishes it.
  expect([await kinds(20), await kinds(22), await kinds(23)]).toEqual([
    ...[[], ['started'], ['started', 'finished']],
  ])
})

it('raises nothing where the author may be the sender: nobody is known to have made the run', async () => {
  const { db } = api.store
  const setOwner = async (owner: string | null) =>
    await db.execute(sql`update signing_keys set owner = ${owner} where key = ${maker.keyId}`)
  await setOwner(null)
  // The public manifest under another id, sealed again and signed with a key made for it.
  const copy = repeated(6)
  const { body } = await send([copy], { owner: 'trudy', envelope: signed(newKey('fresh'), [copy]) })
  const unsigned = (await send([repeated(7)], { owner: 'trudy2' })).body
  await setOwner('mallory')
  for (const { standing, thirdParty, effect } of [body, unsigned]) {
    expect({ standing, thirdParty, effect }).toEqual({
      ...{ standing: 'maker-unknown', thirdParty: false, effect: 'none' },
    })
  }
})

it('takes three trainings of a run from one person, and equal ones at once as one', async () => {
  const made = [10, 11, 12, 13].map((number) =>
    changed((manifest) => {
      manifest.runId = `run_0123456789abcdef00${number}`
    }),
  )
  const [first, ...others] = made
  const twice = await Promise.all([send([first], { owner: 'mass' }), send([first], { owner: 'mass' })])
  expect(twice.map(({ status }) => status).sort()).toEqual([200, 201])
  expect(twice[0]?.body.id).toBe(twice[1]?.body.id)
  const statuses: number[] = []
  for (const run of others) statuses.push((await send([run], { owner: 'mass' })).status)
  expect(statuses).toEqual([201, 201, 429])
  // What was sent before is still answered.
  expect((await send([first], { owner: 'mass' })).status).toBe(200)
  const list = async (query: string) =>
    (await api.request(`/runs/${published.runId}/verdicts${query}`)).json()
  const page = await list('?limit=2')
  expect(page.data).toHaveLength(2)
  const rest = await list(`?limit=200&cursor=${encodeURIComponent(page.next)}`)
  expect([...page.data, ...rest.data]).toEqual((await list('?limit=200')).data)
})

it('leaves whoever asked for a check no way to end it once it is approved: they may be the author', async () => {
  const mallory = await api.token(['submit'], { owner: 'mallory' })
  const reviewer = await api.token(['approve'], { owner: 'grace' })
  const post = async (path: string, token: string) =>
    await api.request(path, { method: 'POST', headers: jsonHeaders(token) })
  const ask = async () =>
    (await (await post(`/runs/${published.runId}/checks?tier=re-evaluated`, mallory)).json()).id
  const early = await ask()
  expect((await post(`/submissions/${early}/cancel`, mallory)).status).toBe(200)
  const id = await ask()
  expect((await post(`/submissions/${id}/approve`, reviewer)).status).toBe(200)
  const refused = await post(`/submissions/${id}/cancel`, mallory)
  expect([refused.status, (await refused.json()).detail]).toEqual([
    403,
    expect.stringContaining('an approved check only the latter'),
  ])
  expect((await post(`/submissions/${id}/cancel`, reviewer)).status).toBe(200)
})

it('refuses a signature of something else, and a token of another key', async () => {
  const run = repeated(5)
  const forged = { ...signed(other, [run]), signatures: signed(maker, [run]).signatures }
  const keyed = { ...forged, signatures: [{ ...forged.signatures[0], keyid: other.keyId }] } as Envelope
  // The same id with another content: what was signed of one says nothing of the other.
  const ofOther = signVerdict(other, {
    ...{
      runId: published.runId,
      manifestDigest: again.manifestDigest,
      check: 'retraining',
      verdict: 'identical',
    },
    manifests: [run],
  })
  for (const envelope of [signed(other, [again]), signed(other, [run], 'equal'), ofOther, keyed]) {
    const { status, body } = await send([run], { envelope })
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringMatching(/signature is/)])
  }
  const token = await api.token(['submit'], { owner: 'carol' })
  const post = async (envelope?: Envelope, binding = bindingOf(token, envelope)) => {
    const body = JSON.stringify({ manifests: [run], envelope, binding })
    const path = `/runs/${published.runId}/verdicts`
    return (await api.request(path, { method: 'POST', headers: jsonHeaders(token), body })).status
  }
  // What the other signed is there for everybody to send, and so are bindings of other tokens and for other sites.
  const seen = signed(other, [run])
  const asEve = await api.token(['submit'], { owner: 'eve' })
  const elsewhere = signBinding(other, { token, site: 'elsewhere.example' })
  expect(await post(seen, signBinding(maker, { token, site: 'localhost' }))).toBe(403)
  expect(await post(seen, bindingOf(asEve, seen))).toBe(422)
  expect(await post(seen, elsewhere)).toBe(422)
  expect(await post(seen, seen)).toBe(422)
  expect(await post(signed(other, [run]))).toBe(201)
  expect(await post(signed(maker, [run]))).toBe(403)
  expect(await post()).toBe(403)
})

it('refuses what is no repeated training of the run', async () => {
  const cases: [unknown[], RegExp][] = [
    [[published], /published run itself/],
    [[{ ...again, seed: 2 }], /own digest/],
    [[changed((manifest) => Object.assign(manifest, { seed: 2 }))], /has the seed 1, not 2/],
    [
      [changed(({ timing }) => Object.assign(timing, { startedAt: '2020-01-01T00:00:00.000Z' }))],
      /began before/,
    ],
    [[changed(({ spec }) => Object.assign(spec.training, { epochs: 9 }))], /not of the spec/],
    [[{}], /manifests\[0\]/],
    [[again, again], /twice/],
  ]
  for (const [manifests, why] of cases) {
    const { status, body } = await send(manifests)
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringMatching(why)])
  }
  const anonymous = await api.request(`/runs/${published.runId}/verdicts`, { method: 'POST', body: '{}' })
  expect(anonymous.status).toBe(401)
})
