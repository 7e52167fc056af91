import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Dataset } from './dataset.ts'
import { fashionMnist } from './fashion-mnist.ts'
import { drawFashionMnistMini } from './fashion-mnist-files.ts'
import { fashionMnistMini } from './fashion-mnist-mini.ts'
import { addDataset } from './files/add-dataset.ts'
import { plainBytes, readBytes } from './files/bytes.ts'
import { datasetFolder } from './files/data-folder.ts'
import { fetchDataset } from './files/fetch-dataset.ts'
import { fileServer, sendRange } from './fixtures/file-server.ts'
import { inMemory, sha256, temporaryFolder } from './fixtures/tiny-dataset.ts'
import { miniTestPositions } from './mini-files.ts'
import { measureNormalisation } from './normalise.ts'
import { openDataset } from './open.ts'
import { indicesByClass } from './splits.ts'

/** Debian's package dataset-fashion-mnist, or a folder with the four published files. */
const folder = process.env.MATE_BENCH_TEST_FASHION_MNIST ?? '/usr/share/datasets/fashion-mnist'
const there = fashionMnist.files.every((file) => existsSync(join(folder, file.name)))
if (!there) console.warn(`Skipped: the tests on the full Fashion-MNIST, which is not in ${folder}.`)

/**
 * The published gzip file. Debian packs with `gzip -n`, which leaves out the file's name and date; with both
 * put back into the header (RFC 1952) the published bytes are there again.
 */
async function publishedBytes(name: string): Promise<Uint8Array> {
  const packed = await readBytes(join(folder, name))
  if (packed[3] !== 0) return packed // flags: it has its name
  const modified = name.startsWith('train') ? 1_504_176_606 : 1_504_176_627 // 31 August 2017
  const member = new TextEncoder().encode(`${name.replace('.gz', '')}\0`)
  const published = new Uint8Array(packed.length + member.length)
  published.set(packed.subarray(0, 10))
  published[3] = 0b1000 // flags: a name follows
  new DataView(published.buffer).setUint32(4, modified, true)
  published.set(member, 10)
  published.set(packed.subarray(10), 10 + member.length)
  return published
}

describe.skipIf(!there)('the full Fashion-MNIST', () => {
  it('is what was published, byte for byte, and comes through the downloader', async () => {
    const published = new Map<string, Uint8Array>()
    for (const { name } of fashionMnist.files) published.set(`/${name}`, await publishedBytes(name))
    for (const file of fashionMnist.files) {
      const bytes = published.get(`/${file.name}`) ?? new Uint8Array()
      expect([file.name, bytes.length, sha256(bytes)]).toEqual([file.name, file.bytes, file.sha256])
    }
    const { origin } = await fileServer((request, response) =>
      sendRange(request, response, published.get(request.url ?? '') ?? new Uint8Array()),
    )
    const files = fashionMnist.files.map((file) => ({ ...file, urls: [`${origin}/${file.name}`] }))
    const dataset: Dataset = { ...fashionMnist, files }
    const brought = await fetchDataset(dataset, { dataFolder: await temporaryFolder() })
    expect(brought.files.map((file) => file.state)).toEqual(Array(4).fill('downloaded'))
  })

  it('opens from files that were packed again, with its constants and balanced classes', async () => {
    const dataFolder = await temporaryFolder()
    await addDataset('fashion-mnist', { from: folder, dataFolder })
    const options = fashionMnist.options.parse({ name: 'fashion-mnist' })
    const opened = await openDataset(options, { dataFolder })
    expect(opened.splits.train.indices.length).toBe(54_000)
    expect(indicesByClass(opened.trainSet.labels, 10).map((list) => list.length)).toEqual(
      Array(10).fill(6000),
    )
    const { mean, std } = measureNormalisation(inMemory(opened.trainSet), 1)
    expect(mean[0]).toBeCloseTo(fashionMnist.normalisation.mean[0] ?? 0, 7)
    expect(std[0]).toBeCloseTo(fashionMnist.normalisation.std[0] ?? 0, 7)
  })

  it('gives fashion-mnist-mini again, to the last byte', async () => {
    const published = new Map<string, Uint8Array>()
    for (const { name, members } of fashionMnist.files) {
      const packed = await readBytes(join(folder, name))
      published.set(members[0]?.name ?? '', plainBytes(gunzipSync(packed)))
    }
    const drawn = drawFashionMnistMini(published)
    const assets = datasetFolder(fashionMnistMini, '')
    for (const { name, members } of fashionMnistMini.files) {
      const shipped = plainBytes(gunzipSync(await readBytes(join(assets, name))))
      expect(sha256(drawn.get(members[0]?.name ?? '') ?? new Uint8Array())).toBe(sha256(shipped))
    }
    const { test } = fashionMnist.decode(published)
    const mini = fashionMnistMini.decode(drawn).test
    const positions: number[] = JSON.parse(readFileSync(miniTestPositions, 'utf8'))
    const pixels = (set: { images: Uint8Array }, at: number) => set.images.slice(at * 784, (at + 1) * 784)
    expect(positions.map((at) => test.labels[at])).toEqual([...mini.labels])
    for (const i of [0, 499, 999]) expect(pixels(mini, i)).toEqual(pixels(test, positions[i] ?? -1))
  })
})
