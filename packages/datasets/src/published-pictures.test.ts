import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluationBatches } from './batches/file-batches.ts'
import type { PicturesDataset } from './dataset.ts'
import { addDataset } from './files/add-dataset.ts'
import { datasetStatus } from './files/dataset-status.ts'
import { fetchDataset } from './files/fetch-dataset.ts'
import { verifyDataset } from './files/verify-dataset.ts'
import { fileServer, sendRange } from './fixtures/file-server.ts'
import { type Miniature, miniAircraft, miniCub, miniDogs, miniTinyImagenet } from './fixtures/miniatures.ts'
import { tarGz, temporaryFolder } from './fixtures/tiny-dataset.ts'
import { openDataset } from './open.ts'
import { describeDataset, getDataset } from './registry.ts'

async function folderWith({ archives }: Pick<Miniature, 'archives'>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of archives) await writeFile(join(folder, name), content)
  return folder
}

/** Opens it at a small size. */
async function open({ dataset, archives }: Miniature, size: number, dataFolder?: string) {
  const place = dataFolder ?? (await temporaryFolder())
  await addDataset(dataset, { from: await folderWith({ archives }), dataFolder: place })
  const options = dataset.options.parse({ name: dataset.name, size })
  const described = dataset.describe?.(options) ?? dataset
  return await openDataset(options as Parameters<typeof openDataset>[0], {
    dataset: described,
    dataFolder: place,
  })
}

/** Mean of a channel over an image of the test split, as a byte. */
function meanByte(opened: Awaited<ReturnType<typeof open>>, image: number, channel: number): number {
  const [batch] = evaluationBatches(opened, 'test', 100)
  if (!batch) throw new Error('There is no batch.')
  const [height, width] = opened.imageShape
  const values = height * width * 3
  let sum = 0
  for (let i = channel; i < values; i += 3) sum += batch.images[image * values + i] ?? 0
  const { mean, std } = opened.normalisation
  return 255 * ((sum / (height * width)) * (std[channel] ?? 0) + (mean[channel] ?? 0))
}

const miniatures: [
  string,
  () => Promise<Miniature>,
  { size: number; shortSide: number; train: number; test: number },
][] = [
  ['tiny-imagenet', miniTinyImagenet, { size: 64, shortSide: 64, train: 12, test: 6 }],
  ['tiny-imagenet', miniTinyImagenet, { size: 32, shortSide: 32, train: 12, test: 6 }],
  ['cub-200-2011', miniCub, { size: 224, shortSide: 256, train: 12, test: 6 }],
  ['stanford-dogs', miniDogs, { size: 64, shortSide: 73, train: 6, test: 4 }],
  ['fgvc-aircraft', miniAircraft, { size: 96, shortSide: 110, train: 12, test: 6 }],
]

describe.each(miniatures)('%s in its published layout', (_, make, { size, shortSide, train, test }) => {
  it(`opens at ${size} with its splits, classes and colours`, async () => {
    const miniature = await make()
    const opened = await open(miniature, size)
    expect(opened.imageShape).toEqual([size, size, 3])
    expect([...opened.trainSet.labels]).toEqual([...Array(train / 2).fill(0), ...Array(train / 2).fill(1)])
    expect([...opened.testSet.labels]).toEqual([...Array(test / 2).fill(0), ...Array(test / 2).fill(1)])
    expect(opened.decoding?.shortSide).toBe(shortSide)
    if (!('packed' in opened.testSet)) throw new Error('Not packed.')
    const { heights, widths } = opened.testSet.packed
    expect(
      heights.map((height, i) => Math.min(height, widths[i] ?? 0)).every((side) => side === shortSide),
    ).toBe(true)
    const names = [...miniature.archives.keys()].sort()
    expect(opened.files.map(({ name }) => name).sort()).toEqual([...names, 'images.bin'].sort())
    // The first class is red, the second blue; green would be the banner.
    expect(meanByte(opened, 0, 0)).toBeGreaterThan(meanByte(opened, 0, 2) + 60)
    expect(meanByte(opened, test - 1, 2)).toBeGreaterThan(meanByte(opened, test - 1, 0) + 60)
    expect(meanByte(opened, 0, 1)).toBeLessThan(130)
  })
})

describe('archives of pictures', () => {
  it('are downloaded, and not needed any more once they are packed', async () => {
    const { dataset, archives } = await miniTinyImagenet()
    const server = await fileServer((request, response) => {
      sendRange(request, response, archives.get('tiny-imagenet-200.zip') ?? new Uint8Array())
    })
    const files = dataset.files.map((file) => ({ ...file, urls: [`${server.origin}/${file.name}`] }))
    const served: PicturesDataset = { ...dataset, files }
    const dataFolder = await temporaryFolder()
    expect(await datasetStatus(served, { dataFolder })).toMatchObject({ state: 'missing' })
    await fetchDataset(served, { dataFolder })
    const options = { name: 'tiny-imagenet', validation: { size: 2, seed: 0 } }
    const first = await openDataset(options, { dataset: served, dataFolder })
    await rm(join(dataFolder, 'tiny-imagenet', 'tiny-imagenet-200.zip'))
    expect(await datasetStatus(served, { dataFolder })).toMatchObject({ state: 'ready' })
    const again = await openDataset(options, { dataset: served, dataFolder })
    expect(again.files).toEqual(first.files)
    expect(await verifyDataset(served, { dataFolder })).toEqual([
      expect.objectContaining({
        state: 'ok',
        file: expect.stringMatching(/^packed-64-[0-9a-f]{8}\/images.bin$/),
      }),
    ])
  })

  it('are added from the file itself, whatever its name, and refused when they are others', async () => {
    const { dataset, archives } = await miniTinyImagenet()
    const folder = await temporaryFolder()
    const content = archives.get('tiny-imagenet-200.zip') ?? new Uint8Array()
    await writeFile(join(folder, 'tiny (1).zip'), content)
    const dataFolder = await temporaryFolder()
    const added = await addDataset(dataset, { from: join(folder, 'tiny (1).zip'), dataFolder })
    expect(added.files).toEqual([{ name: 'tiny-imagenet-200.zip', state: 'added' }])
    const changed = content.slice()
    changed[100] = (changed[100] ?? 0) ^ 1
    await writeFile(join(folder, 'other.zip'), changed)
    const elsewhere = { dataFolder: await temporaryFolder() }
    await expect(
      addDataset(dataset, { from: join(folder, 'other.zip'), ...elsewhere }),
    ).rejects.toMatchObject({
      code: 'checksum-mismatch',
    })
    await expect(addDataset(dataset, { from: folder, ...elsewhere })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('does not hold tiny-imagenet-200.zip'),
    })
  })

  it('are refused where their lists do not fit, by the list and its line', async () => {
    const { dataset, archives } = await miniCub()
    const { archive } = dataset.pictures
    const lists = new Map<string, Uint8Array>()
    const line = (name: string, text: string) =>
      lists.set(`CUB_200_2011/${name}`, new TextEncoder().encode(text))
    line('classes.txt', '1 001.Black_footed_Albatross\n2 002.Laysan_Albatross\n')
    line('images.txt', '1 001.Black_footed_Albatross/a.jpg\n')
    line('image_class_labels.txt', '1 3\n')
    line('train_test_split.txt', '1 1\n')
    expect(() => archive?.arrange(lists)).toThrow(
      'Line 1 of CUB_200_2011/images.txt has no class or no split',
    )
    line('classes.txt', '1 001.Sparrow\n2 002.Laysan_Albatross\n')
    expect(() => archive?.arrange(lists)).toThrow('Line 1 of CUB_200_2011/classes.txt is not the class')
    lists.delete('CUB_200_2011/classes.txt')
    expect(() => archive?.arrange(lists)).toThrow('The archive holds no CUB_200_2011/classes.txt')
    expect(archives.size).toBe(1)
  })

  it('are refused where pictures are missing', async () => {
    const { dataset } = await miniCub()
    const archive = await tarGz([
      { name: 'CUB_200_2011/images.txt', content: new TextEncoder().encode('1 a/b.jpg\n') },
    ])
    const [file] = dataset.files
    const { sha256: _, ...unchecked } = file ?? { name: '', sha256: '' }
    const incomplete = { ...dataset, files: [{ ...unchecked, bytes: archive.length }] } as PicturesDataset
    const dataFolder = await temporaryFolder()
    await mkdir(join(dataFolder, dataset.name))
    await writeFile(join(dataFolder, dataset.name, 'CUB_200_2011.tgz'), archive)
    await expect(
      openDataset(
        { name: 'cub-200-2011', validation: { size: 0, seed: 0 } },
        { dataset: incomplete, dataFolder },
      ),
    ).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('The archive holds no') })
  })
})

describe('published counts', () => {
  it.each([
    ['tiny-imagenet', 200, 100_000, 10_000, [64, 64, 3]],
    ['cub-200-2011', 200, 5_994, 5_794, [224, 224, 3]],
    ['stanford-dogs', 120, 12_000, 8_580, [224, 224, 3]],
    ['fgvc-aircraft', 100, 6_667, 3_333, [224, 224, 3]],
  ])('of %s', (name, classes, train, test, imageShape) => {
    const dataset = getDataset(name)
    expect(dataset.classes).toHaveLength(classes)
    expect(dataset).toMatchObject({ counts: { train, test }, imageShape })
  })

  it('of classes: the first and last of each', () => {
    const ends = ['tiny-imagenet', 'cub-200-2011', 'stanford-dogs', 'fgvc-aircraft'].map((name) => {
      const { classes } = getDataset(name)
      return [classes[0], classes.at(-1)]
    })
    expect(ends).toEqual([
      ['Egyptian cat', 'African elephant'],
      ['Black_footed_Albatross', 'Common_Yellowthroat'],
      ['Chihuahua', 'African_hunting_dog'],
      ['707-320', 'Yak-42'],
    ])
  })

  it('change with the size that is asked for', () => {
    const options = getDataset('tiny-imagenet').options.parse({ name: 'tiny-imagenet', size: 32 })
    expect(describeDataset(options as Parameters<typeof describeDataset>[0])).toMatchObject({
      imageShape: [32, 32, 3],
      pictures: { shortSide: 32 },
    })
  })
})
