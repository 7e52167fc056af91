import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Labels } from './dataset.ts'
import { defaultDataFolder } from './files/data-folder.ts'
import { inMemory, sha256, temporaryFolder, tinyDataset, tinyOptions } from './fixtures/tiny-dataset.ts'
import { openDataset } from './open.ts'
import { datasetOptions } from './registry.ts'
import { indicesByClass } from './splits.ts'

describe('opening a dataset', () => {
  it('opens the one that ships with the package', async () => {
    const dataset = await openDataset(datasetOptions.parse({ name: 'fashion-mnist-mini' }))
    const { train, validation, test } = dataset.splits
    expect([train, validation, test].map(({ indices }) => indices.length)).toEqual([5400, 600, 1000])
    expect(dataset.files.map(({ bytes }) => bytes)).toEqual([4_704_016, 6_008, 784_016, 1_008])
    const perClass = (labels: Labels, indices: Uint32Array) =>
      indicesByClass(
        Uint8Array.from(indices, (index) => labels[index] ?? 255),
        10,
      ).map((list) => list.length)
    expect(perClass(dataset.trainSet.labels, train.indices)).toEqual(Array(10).fill(540))
    expect(perClass(dataset.trainSet.labels, validation.indices)).toEqual(Array(10).fill(60))
    expect(perClass(dataset.testSet.labels, test.indices)).toEqual(Array(10).fill(100))
  })

  it('draws splits that stay the same from version to version: they are part of published tracks', async () => {
    const { splits } = await openDataset(datasetOptions.parse({ name: 'fashion-mnist-mini' }))
    expect([splits.train, splits.validation, splits.test].map(({ digest }) => digest)).toEqual([
      'sha256:ecd630bdbc45e2cae80d105ea8d86748e7272f9d7a60b23d9eb2b1d86b9466d2',
      'sha256:bf8984ac3f6c767b2877a639ac7900aa6aa450b26704d8ce1111f5c72bb8e9ac',
      'sha256:550625f47dc1b7d1d5bda267bc6e2baeeb0e700033b325e5d53ccd66267dd74e',
    ])
  })

  it('opens an archive of CIFAR records and gives the digests of what is inside', async () => {
    const { dataset, archive, members } = await tinyDataset({ checksums: 'train' })
    const dataFolder = await temporaryFolder()
    await mkdir(join(dataFolder, 'tiny'))
    await writeFile(join(dataFolder, 'tiny', 'tiny-binary.tar.gz'), archive)
    const opened = await openDataset(tinyOptions, { dataset, dataFolder })
    expect(opened.files).toEqual(
      [...members].map(([name, content]) => ({ name, bytes: content.length, sha256: sha256(content) })),
    )
    expect([...opened.testSet.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
    const first = members.get('train.bin')
    expect([...inMemory(opened.trainSet).images.subarray(0, 3)]).toEqual([
      first?.[2],
      first?.[1026],
      first?.[2050],
    ])
    expect(opened.splits.validation.indices.length).toBe(3)
  })

  it('says which two commands bring missing files', async () => {
    const dataFolder = await temporaryFolder()
    await expect(
      openDataset(datasetOptions.parse({ name: 'cifar10' }), { dataFolder }),
    ).rejects.toMatchObject({
      code: 'data-missing',
      message: expect.stringContaining('cifar-10-binary.tar.gz missing'),
      hint: 'Run `mate-bench data fetch cifar10`, or `mate-bench data add cifar10 --from DIR` if you have the files.',
    })
  })

  it('names file, expected and found when a file is not the published one', async () => {
    const { dataset, archive } = await tinyDataset()
    const dataFolder = await temporaryFolder()
    const path = join(dataFolder, 'tiny', 'tiny-binary.tar.gz')
    await mkdir(join(dataFolder, 'tiny'))
    const changed = Uint8Array.from(archive)
    changed[100] = (changed[100] ?? 0) ^ 1
    await writeFile(path, changed)
    await expect(openDataset(tinyOptions, { dataset, dataFolder })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      path,
      message: `${path} is not the file that was published: expected sha256 ${sha256(archive)}, found sha256 ${sha256(changed)}.`,
      hint: expect.stringContaining('mate-bench data fetch tiny'),
    })
  })

  it('refuses an unknown name', async () => {
    const options = { name: 'cifar11', validation: { size: 0, seed: 0 } }
    await expect(openDataset(options)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the data folder', () => {
  it('follows MATE_BENCH_DATA, then XDG_CACHE_HOME, then the home folder', () => {
    expect(defaultDataFolder({ MATE_BENCH_DATA: '/data', XDG_CACHE_HOME: '/cache' })).toBe('/data')
    expect(defaultDataFolder({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/mate-bench/data')
    expect(defaultDataFolder({ XDG_CACHE_HOME: '' })).toBe(join(homedir(), '.cache/mate-bench/data'))
  })
})
