import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { getStore } from '../data/store.ts'
import { publishSynthetic } from '../testing/publish-synthetic.ts'
import { boardFile } from './board-file.ts'

let store: TestStore
const folder = mkdtempSync(join(tmpdir(), 'board-file-'))

beforeAll(async () => {
  store = await openTestStore()
  vi.stubEnv('DATABASE_URL', store.url)
  await publish('first', 'fashion-mnist-mini')
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await (await getStore()).close()
  await store.close()
  rmSync(folder, { recursive: true })
})

async function publish(name: string, dataset: string): Promise<void> {
  const spec = syntheticSpec(name, { dataset: { name: dataset } })
  await publishSynthetic(store.db, await openArtifacts(folder, {}), { spec, seed: 1, top1: [0.4, 0.5, 0.6] })
}

async function read(path: string): Promise<{ source: string; rows: { name: string; tier: string }[] }> {
  return await (await boardFile(new Request(new URL(path, 'http://localhost')), 'json')).json()
}

describe('boardFile', () => {
  it('names the track that it is of, so that its source shows the same when another track has grown', async () => {
    const before = await read('/board.json?method=joint')
    expect(before.source).toMatch(/\/\?track=[0-9a-f]{8}&method=joint$/)
    await publish('second', 'cifar10')
    await publish('third', 'cifar10')
    const { search } = new URL(before.source)
    expect((await read(`/board.json${search}`)).rows).toEqual(before.rows)
    expect((await read('/board.json?method=joint')).rows).not.toEqual(before.rows)
  })

  it('takes the first of repeated parameters, as the page does', async () => {
    expect((await read('/board.json?method=joint&method=mate')).rows.length).toBeGreaterThan(0)
    expect((await read('/board.json?method=mate&method=joint')).rows).toEqual([])
  })
})
