import { newKey, type SigningKey, signBinding, signEnvelope } from '@mate-bench/harness/signing'
import { signedBytes } from '@mate-bench/provenance'
import { payloadTypes } from '@mate-bench/schema'
import { afterEach, expect, it } from 'vitest'
import type { ApiDependencies } from './dependencies.ts'
import { jsonHeaders, openTestApi, type TestApi } from './testing/test-api.ts'

let api: TestApi | undefined
afterEach(async () => {
  await api?.close()
  api = undefined
})

const digest = `sha256:${'1'.repeat(64)}`
const start = {
  ...{ version: 1 as const, runId: `run_${'0'.repeat(20)}`, seed: 1 },
  ...{ specDigest: digest, experimentDigest: digest, at: '2026-03-01T12:00:00.000Z' },
}

it('lets no cache keep what is of the ledger as it is now, and any what is of a named size', async () => {
  api = await openTestApi()
  const headers = jsonHeaders(await api.token(['submit']))
  const body = JSON.stringify({ start })
  expect((await api.request('/ledger/starts', { method: 'POST', headers, body })).status).toBe(201)
  const caching = async (path: string) => {
    const answer = await api?.request(`/ledger/${path}`)
    expect(answer?.status).toBe(200)
    return answer?.headers.get('cache-control')
  }
  for (const path of ['head', 'events', 'events?limit=1', 'events/0/proof', `runs/${start.runId}`]) {
    expect([path, await caching(path)]).toEqual([path, 'no-store'])
  }
  for (const path of ['head?size=1', 'events/0/proof?size=1', 'consistency?first=1&second=1']) {
    expect([path, await caching(path)]).toEqual([path, expect.stringMatching(/^public, .*s-maxage/)])
  }
})

/** A start that the key signs, sent to a host with a binding for a site. */
async function send(
  { key, host, site }: { key: SigningKey; host: string; site: string },
  dependencies: Partial<ApiDependencies> = {},
) {
  api = await openTestApi(dependencies)
  const token = await api.token(['submit'])
  const body = JSON.stringify({
    envelope: signEnvelope(key, payloadTypes.start, signedBytes(start)),
    binding: signBinding(key, { token, site }),
  })
  const answer = await api.request('/ledger/starts', {
    ...{ method: 'POST', headers: jsonHeaders(token, { host }), body },
  })
  return { status: answer.status, body: await answer.json() }
}

it('binds no token for a site whose name is only the sender’s word', async () => {
  const key = newKey('ada')
  const refused = await send({ key, host: 'evil.example', site: 'evil.example' })
  expect(refused).toMatchObject({ status: 403, body: { hint: expect.stringContaining('MATE_BENCH_URL') } })
})

it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000'])('binds tokens on %s', async (host) => {
  expect((await send({ key: newKey('ada'), host, site: host })).status).toBe(201)
})

it('binds tokens for the address that it knows, whatever the request names', async () => {
  const key = newKey('ada')
  const known = { siteHost: 'bench.example' }
  const elsewhere = await send({ key, host: 'evil.example', site: 'evil.example' }, known)
  expect(elsewhere.status).toBe(422)
  await api?.close()
  expect((await send({ key, host: 'internal:3000', site: 'bench.example' }, known)).status).toBe(201)
})
