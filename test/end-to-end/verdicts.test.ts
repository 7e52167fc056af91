import { runSpec } from '@mate-bench/harness'
import { readManifest, sealManifest } from '@mate-bench/harness/manifest'
import type { Manifest } from '@mate-bench/schema'
import { recordVerdict } from '@mate-bench/store'
import { publishFolder } from '@mate-bench/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jsonHeaders, openTestApi, type TestApi } from '../../apps/web/src/api/testing/test-api.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

let api: TestApi
let published: Manifest
let again: Manifest

beforeAll(async () => {
  api = await openTestApi()
  const train = async () =>
    (await runSpec({ spec: tinySpec(), seed: 1, out: temporaryFolder(), backend: 'wasm' })).folder
  const folder = await train()
  await publishFolder(api.store.db, api.artifacts, folder, { tier: 'recomputed' })
  published = readManifest(folder).manifest
  again = readManifest(await train()).manifest
})
afterAll(async () => {
  await api?.close()
})

async function send(manifests: readonly unknown[], owner = 'ada', scope: 'submit' | 'approve' = 'submit') {
  const scopes = scope === 'submit' ? (['submit'] as const) : (['submit', 'approve'] as const)
  const answer = await api.request(`/runs/${published.runId}/verdicts`, {
    method: 'POST',
    headers: jsonHeaders(await api.token(scopes, { owner })),
    body: JSON.stringify({ manifests }),
  })
  return { status: answer.status, body: await answer.json() }
}

/** Sealed again after a change, so that its digest holds. */
function changed(change: (manifest: Manifest) => void): Manifest {
  const copy = structuredClone(again)
  change(copy)
  const { manifestDigest: _, ...content } = copy
  return sealManifest(content)
}

it('judges a repeated training that somebody sends, once, and gives the tier where the weights gave the predictions', async () => {
  const { status, body } = await send([again])
  expect(status).toBe(201)
  expect(body).toMatchObject({
    ...{ check: 'retraining', verdict: 'identical', effect: 'raises', thirdParty: true, checker: 'ada' },
    ...{ worker: null, place: { backend: 'wasm' } },
  })
  expect(await send([again], 'eve')).toMatchObject({ status: 200, body: { id: body.id } })
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
  expect((await send([byOperator], 'grace', 'approve')).body).toMatchObject({
    ...{ effect: 'raises', thirdParty: false },
  })
})

it('refuses what is no repeated training of the run', async () => {
  const cases: [unknown[], RegExp][] = [
    [[published], /published run itself/],
    [[{ ...again, seed: 2 }], /own digest/],
    [[changed((manifest) => void (manifest.seed = 2))], /has the seed 1, not 2/],
    [[changed((manifest) => void (manifest.timing.startedAt = '2020-01-01T00:00:00.000Z'))], /began before/],
    [[changed((manifest) => void (manifest.spec.training.epochs = 9))], /not of the spec/],
    [[{}], /manifests\[0\]/],
    [[again, again], /twice/],
  ]
  for (const [manifests, why] of cases) {
    const { status, body } = await send(manifests)
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringMatching(why)])
  }
  const unsigned = await api.request(`/runs/${published.runId}/verdicts`, { method: 'POST', body: '{}' })
  expect(unsigned.status).toBe(401)
})
