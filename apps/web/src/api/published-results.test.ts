import { fileURLToPath } from 'node:url'
import { type SeededReferences, seedReferences } from '@mate-bench/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing/test-api.ts'

const shipped = fileURLToPath(new URL('../../../../bench-specs/references', import.meta.url))
let api: TestApi
let seeded: SeededReferences
beforeAll(async () => {
  api = await openTestApi()
  seeded = await seedReferences(api.store.db, shipped)
})
afterAll(async () => {
  await api?.close()
})

const get = async (query: string) => {
  const response = await api.request(`/published-results${query}`)
  expect(response.status, await response.clone().text()).toBe(200)
  return await response.json()
}

it('gives every number that ships, page by page', async () => {
  const ids = new Set<string>()
  const papers = new Set<string>()
  let cursor = ''
  do {
    const { data, next } = await get(`?limit=200${cursor}`)
    expect(data.length).toBeLessThanOrEqual(200)
    for (const { id, paperId, tier } of data) {
      expect(tier).toBe('published')
      ids.add(id)
      papers.add(paperId)
    }
    cursor = next === null ? '' : `&cursor=${next}`
  } while (cursor !== '')
  expect(ids.size).toBe(seeded.results)
  expect(papers.size).toBe(seeded.papers)
})

it('cites a repository without a year, and a paper with it', async () => {
  const [repository] = (await get('?paper=mmrazor-byot')).data
  expect(repository.citation).toMatchObject({ url: expect.stringContaining('https://') })
  expect(repository.citation).not.toHaveProperty('year')
  const [paper] = (await get('?paper=wang-2024-loth')).data
  expect(paper.citation).toMatchObject({ year: 2024, doi: '10.1145/3664647.3681587' })
})

it('says of which part of the training data, and of how many runs, a number is', async () => {
  const { data } = await get('?paper=phuong-2019&limit=200')
  const told = data.map(({ subset, runs }: { subset: string | null; runs: string | null }) => [subset, runs])
  expect(told).toContainEqual([expect.stringContaining('images per class'), '5 or 10'])
  const [whole] = (await get('?paper=wang-2024-loth')).data
  expect(whole).toMatchObject({ subset: null, runs: null })
})
