import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sha256, temporaryFolder, tinyDataset, tinyOptions } from '../fixtures/tiny-dataset.ts'
import { openDataset } from '../open.ts'
import { addDataset } from './add-dataset.ts'
import { plainBytes } from './bytes.ts'
import { datasetStatus } from './dataset-status.ts'
import { verifyDataset } from './verify-dataset.ts'

const name = 'tiny-binary.tar.gz'

async function setUp(opts: Parameters<typeof tinyDataset>[0] = {}) {
  const tiny = await tinyDataset(opts)
  const from = await temporaryFolder()
  const dataFolder = await temporaryFolder()
  return { ...tiny, from, dataFolder, folder: join(dataFolder, 'tiny') }
}

describe('adding a dataset from a folder', () => {
  it('copies the archive and opens from it', async () => {
    const { dataset, archive, from, dataFolder, folder } = await setUp()
    await writeFile(join(from, name), archive)
    expect(await addDataset(dataset, { from, dataFolder })).toEqual({
      folder,
      files: [{ name, state: 'added' }],
    })
    expect(await readdir(from)).toEqual([name])
    expect(await readdir(folder)).toEqual([name])
    expect((await openDataset(tinyOptions, { dataset, dataFolder })).splits.train.indices.length).toBe(9)
    expect(await addDataset(dataset, { from, dataFolder })).toMatchObject({ files: [{ state: 'present' }] })
  })

  it('takes the members, at the top or under their path, gzipped or not, to the same dataset', async () => {
    const { dataset, archive, members, from, dataFolder, folder } = await setUp()
    await mkdir(join(from, 'tiny-binary'))
    await writeFile(join(from, 'tiny-binary', 'train.bin'), members.get('train.bin') ?? '')
    await writeFile(join(from, 'test.bin.gz'), gzipSync(members.get('test.bin') ?? ''))
    await addDataset(dataset, { from, dataFolder })
    expect((await readdir(folder)).sort()).toEqual(['test.bin', 'train.bin'])
    const opened = await openDataset(tinyOptions, { dataset, dataFolder })

    const other = await temporaryFolder()
    await mkdir(join(other, 'tiny'))
    await writeFile(join(other, 'tiny', name), archive)
    expect(opened).toEqual(await openDataset(tinyOptions, { dataset, dataFolder: other }))
  })

  it('takes the four files of an IDX dataset under the names that unpacking programs give them', async () => {
    const published = 'train-images-idx3-ubyte'
    const content = new Uint8Array(64).fill(7)
    const packed = plainBytes(gzipSync(content))
    const { dataset } = await setUp()
    const member = { name: published, bytes: content.length, sha256: sha256(content) }
    const file = {
      name: `${published}.gz`,
      urls: [],
      bytes: packed.length,
      sha256: sha256(packed),
      packing: 'gzip' as const,
      members: [member],
    }
    for (const [name, bytes] of [
      ['train-images.idx3-ubyte', content],
      ['train-images.idx3-ubyte.gz', packed],
      [`${published}.gz`, content], // unpacked by a browser, which left the name
      [published, content],
      [`${published}.gz`, packed],
    ] as const) {
      const from = await temporaryFolder()
      const dataFolder = await temporaryFolder()
      await writeFile(join(from, name), bytes)
      const idx = { ...dataset, name: 'idx', files: [file] }
      const { files } = await addDataset(idx, { from, dataFolder })
      expect(files, name).toEqual([{ name: file.name, state: 'added' }])
      expect(
        (await verifyDataset(idx, { dataFolder })).map(({ state }) => state),
        name,
      ).toEqual(['ok'])
    }
  })

  it('does not trust members that no published checksum vouches for', async () => {
    const { dataset, members, from, dataFolder } = await setUp({ checksums: 'train' })
    for (const [member, content] of members) await writeFile(join(from, member), content)
    await expect(addDataset(dataset, { from, dataFolder })).rejects.toMatchObject({
      code: 'not-found',
      message: `${from} does not hold ${name}.`,
    })
  })

  it('names file, expected and found for another content, and changes nothing', async () => {
    const { dataset, archive, from, dataFolder, folder } = await setUp()
    const changed = Uint8Array.from(archive)
    changed[500] = (changed[500] ?? 0) ^ 1
    await writeFile(join(from, name), changed)
    await expect(addDataset(dataset, { from, dataFolder })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      path: join(from, name),
      message: expect.stringMatching(/expected sha256 [0-9a-f]{64}, found sha256 [0-9a-f]{64}/),
    })
    expect(new Uint8Array(await readFile(join(from, name)))).toEqual(changed)
    expect(await readdir(folder)).toEqual([])
  })

  it('names a member of another content', async () => {
    const { dataset, members, from, dataFolder } = await setUp()
    await writeFile(join(from, 'train.bin'), members.get('train.bin') ?? '')
    await writeFile(join(from, 'test.bin'), members.get('train.bin') ?? '')
    await expect(addDataset(dataset, { from, dataFolder })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringMatching(/test\.bin .*expected md5 [0-9a-f]{32}, found md5 [0-9a-f]{32}/),
    })
  })

  it('says what it looked for in a folder that lacks it, and what is no folder', async () => {
    const { dataset, from, dataFolder } = await setUp()
    await expect(addDataset(dataset, { from, dataFolder })).rejects.toMatchObject({
      code: 'not-found',
      message: `${from} does not hold ${name}, nor all of train.bin, test.bin.`,
    })
    const nowhere = join(from, 'nowhere')
    await expect(addDataset(dataset, { from: nowhere, dataFolder })).rejects.toMatchObject({
      code: 'bad-input',
      message: `${nowhere} is not a folder.`,
    })
  })

  it.skipIf(process.getuid?.() === 0)('says storage where it may not write', async () => {
    const { dataset, archive, from, dataFolder } = await setUp()
    await writeFile(join(from, name), archive)
    await chmod(dataFolder, 0o500)
    await expect(addDataset(dataset, { from, dataFolder })).rejects.toMatchObject({ code: 'storage' })
  })
})

describe('verifying a dataset', () => {
  it('reports each file: missing, ok, other content', async () => {
    const { dataset, archive, dataFolder, folder } = await setUp()
    const path = join(folder, name)
    expect(await verifyDataset(dataset, { dataFolder })).toEqual([{ state: 'missing', file: name, path }])
    await mkdir(folder)
    await writeFile(path, archive)
    expect(await verifyDataset(dataset, { dataFolder })).toEqual([{ state: 'ok', file: name, path }])
    await writeFile(path, archive.subarray(1))
    expect(await verifyDataset(dataset, { dataFolder })).toEqual([
      {
        state: 'mismatch',
        file: name,
        path,
        expected: `${archive.length} bytes`,
        found: `${archive.length - 1} bytes`,
      },
    ])
  })

  it('reports unpacked members one by one', async () => {
    const { dataset, members, dataFolder, folder } = await setUp()
    await mkdir(folder)
    await writeFile(join(folder, 'train.bin'), members.get('train.bin') ?? '')
    await writeFile(join(folder, 'test.bin'), 'other')
    expect((await verifyDataset(dataset, { dataFolder })).map(({ file, state }) => [file, state])).toEqual([
      ['train.bin', 'ok'],
      ['test.bin', 'mismatch'],
    ])
  })

  it('accepts what ships with the package', async () => {
    const reports = await verifyDataset('fashion-mnist-mini')
    expect(reports.map((report) => report.state)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })
})

describe('the status of a dataset', () => {
  it('is missing, ready, partial or bundled', async () => {
    const { dataset, archive, dataFolder, folder } = await setUp()
    expect(await datasetStatus(dataset, { dataFolder })).toEqual({
      name: 'tiny',
      title: 'Tiny',
      state: 'missing',
      folder,
      missing: [name],
      downloadBytes: archive.length,
    })
    await mkdir(folder)
    await writeFile(join(folder, name), archive)
    expect(await datasetStatus(dataset, { dataFolder })).toMatchObject({ state: 'ready', missing: [] })
    expect(await datasetStatus('fashion-mnist-mini', { dataFolder })).toMatchObject({ state: 'bundled' })

    await mkdir(join(dataFolder, 'fashion-mnist'))
    await writeFile(join(dataFolder, 'fashion-mnist', 't10k-labels-idx1-ubyte.gz'), '')
    const partial = await datasetStatus('fashion-mnist', { dataFolder })
    expect(partial).toMatchObject({ state: 'partial' })
    expect(partial.missing).toHaveLength(3)
  })
})
