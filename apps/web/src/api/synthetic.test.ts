import { publishRun } from '@mate-bench/store'
import { syntheticRun } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing/test-api.ts'

/** A database that was filled for a load test: no answer may pass for a measured one. */
let api: TestApi

beforeAll(async () => {
  api = await openTestApi()
  await publishRun(api.store.db, api.artifacts, syntheticRun({ name: 'made' }), {
    tier: 'reported',
    synthetic: true,
  })
})
afterAll(async () => {
  await api?.close()
})

const get = async (path: string) => await (await api.request(path)).json()

it('entries are marked in lists, by themselves, in tables and on their badges', async () => {
  const standing = { name: 'made', tier: 'reported', backends: ['cpu'], synthetic: true }
  const { data } = await get('/entries')
  expect(data).toMatchObject([standing])
  const [{ id, trackDigest }] = data
  expect(await get(`/entries/${id}`)).toMatchObject(standing)
  expect((await get(`/tracks/${trackDigest}/table`)).data).toMatchObject([standing])
  const badge = await api.request(`/badges/${id}.svg`)
  expect(await badge.text()).toContain('synthetic, ')
})
