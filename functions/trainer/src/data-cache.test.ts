import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyDataset } from '@mate-bench/datasets'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closedOrigin, fileServer, sendRange } from '../../../packages/datasets/src/fixtures/file-server.ts'
import { tinyDataset } from '../../../packages/datasets/src/fixtures/tiny-dataset.ts'
import { bringData } from './data-cache.ts'
import { MemoryObjects } from './testing/memory-objects.ts'

const file = 'tiny-binary.tar.gz'
const key = `tiny/${file}`

let work: string
const before = process.env.TMPDIR
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'mate-bench-data-cache-'))
  // What is made on the way belongs here too, and must be gone afterwards.
  process.env.TMPDIR = join(work, 'temporary')
  await mkdir(process.env.TMPDIR)
})
afterAll(async () => {
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  await rm(work, { recursive: true, force: true })
})

/** A dataset that a server publishes, an empty data folder, and an empty cache. */
async function machine(options: { offline?: boolean } = {}) {
  const { archive } = await tinyDataset()
  const server = await fileServer((request, response) => sendRange(request, response, archive))
  const origin = options.offline ? await closedOrigin() : server.origin
  const { dataset } = await tinyDataset({ urls: [`${origin}/${file}`] })
  const dataFolder = await mkdtemp(join(work, 'data-'))
  const cache = new MemoryObjects()
  const said: string[] = []
  return {
    archive,
    server,
    cache,
    said,
    bring: async (signal = new AbortController().signal) =>
      await bringData(dataset, { dataFolder, cache, signal, say: (line) => said.push(line) }),
    states: async () => (await verifyDataset(dataset, { dataFolder })).map(({ state }) => state),
  }
}

describe('bringing data to a machine', () => {
  it('downloads what the cache lacks, and leaves it there for the next', async () => {
    const { archive, server, cache, said, bring, states } = await machine()
    await bring()
    expect(await states()).toEqual(['ok'])
    expect(server.requests).toHaveLength(1)
    expect(said).toEqual(['tiny: downloading'])
    expect([...cache.objects]).toEqual([[key, archive]])
    await bring()
    expect(server.requests).toHaveLength(1)
    expect(cache.puts).toHaveLength(1)
  })

  it('takes it from the cache, and asks nobody else', async () => {
    const { archive, server, cache, said, bring, states } = await machine()
    cache.objects.set(key, archive)
    await bring()
    expect(await states()).toEqual(['ok'])
    expect(server.requests).toEqual([])
    expect(cache.puts).toEqual([])
    expect(said).toEqual(['tiny: from memory'])
  })

  it.each([
    ['cut off', (archive: Uint8Array) => archive.subarray(0, 100)],
    ['with another byte', (archive: Uint8Array) => archive.map((byte, i) => (i === 500 ? byte ^ 1 : byte))],
    ['empty', () => new Uint8Array()],
  ])('replaces a copy in the cache that is %s', async (_, damage) => {
    const { archive, server, cache, said, bring, states } = await machine()
    cache.objects.set(key, damage(archive))
    await bring()
    expect(await states()).toEqual(['ok'])
    expect(server.requests).toHaveLength(1)
    expect(cache.objects.get(key)).toEqual(archive)
    expect(said).toEqual(['tiny: the copy in memory is damaged', 'tiny: downloading'])
  })

  it('goes on without a cache that cannot be written', async () => {
    const { cache, said, bring, states } = await machine()
    cache.failFrom('put', 1)
    await bring()
    expect(await states()).toEqual(['ok'])
    expect(said.at(-1)).toBe('tiny: not cached: The connection was lost.')
  })

  it('says storage where the cache cannot be read, and offline where nobody has it', async () => {
    const unreadable = await machine()
    unreadable.cache.failFrom('get', 1)
    await expect(unreadable.bring()).rejects.toMatchObject({ code: 'storage' })
    const offline = await machine({ offline: true })
    await expect(offline.bring()).rejects.toMatchObject({ code: 'offline' })
    expect(offline.cache.puts).toEqual([])
  })

  it('stops when the machine is being taken away', async () => {
    const { bring, cache } = await machine()
    await expect(bring(AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' })
    expect(cache.puts).toEqual([])
  })

  it('leaves nothing in the folder for temporary files', async () => {
    expect(await readdir(tmpdir())).toEqual([])
  })
})
