import { writeFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTrainLoader } from './batches/train-loader.ts'
import { jpeg, png } from './fixtures/pictures.ts'
import { tarGz, temporaryFolder } from './fixtures/tiny-dataset.ts'
import { zipped } from './fixtures/zip.ts'
import { type AddImageFolderOptions, addImageFolder } from './image-folder/add-image-folder.ts'
import { listImageFolders } from './image-folder/list-added.ts'
import { openDataset } from './open.ts'
import { augmentationOptions, datasetOptions, describeDataset } from './registry.ts'

const colours = { cat: [200, 60, 40], dog: [40, 60, 200] } as const

/** By path: three training pictures and a test picture of each class, of different sizes. */
let files: Map<string, Uint8Array>
beforeAll(async () => {
  files = new Map()
  for (const [name, colour] of Object.entries(colours)) {
    for (const [i, path] of [
      `train/${name}/1.jpg`,
      `train/${name}/2.JPEG`,
      `train/${name}/deep/3.png`,
      `test/${name}/1.jpg`,
    ].entries()) {
      const spec = { height: 70 + 9 * i, width: 110 - 7 * i, colour, noise: 30 + i }
      files.set(path, path.endsWith('png') ? await png(spec) : await jpeg(spec))
    }
  }
})

type Contents = ReadonlyMap<string, Uint8Array | string>
const contents = (...entries: (readonly [string, Uint8Array | string])[]): Contents => new Map(entries)

async function folderOf(files: Contents): Promise<string> {
  const folder = await temporaryFolder()
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}

const add = async (from: string, changes: Partial<AddImageFolderOptions> = {}) =>
  addImageFolder({ from, dataFolder: await temporaryFolder(), size: 64, ...changes })

/** Class folders at the top, as a split file or a share needs them. */
const unsplit = () =>
  new Map(
    [...files].map(([path, content]) => [
      path.replace(/^(train|test)\/(\w+)\//, '$2/$1-').replaceAll('deep/', ''),
      content,
    ]),
  )

describe('an image folder', () => {
  it('is named by its content, and opens as what was added', async () => {
    const dataFolder = await temporaryFolder()
    const from = await folderOf(
      contents(...files, ['train/cat/.DS_Store', 'left behind'], ['README.md', 'mine']),
    )
    const { dataset } = await add(from, { dataFolder })
    expect(dataset).toEqual({
      name: 'image-folder',
      content: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      classes: ['cat', 'dog'],
      images: { train: 6, test: 2 },
      size: 64,
      validation: { size: 1, seed: 0 },
    })
    const options = datasetOptions.parse(dataset)
    const opened = await openDataset(options, { dataFolder })
    expect(await listImageFolders(dataFolder)).toEqual([
      expect.objectContaining({
        name: opened.name,
        shortSide: 73,
        classes: ['cat', 'dog'],
        counts: { train: 6, test: 2 },
      }),
    ])
    expect(opened.name).toBe(`image-folder-${dataset.content.slice(7, 39)}`)
    expect(describeDataset(options)).toMatchObject({
      name: opened.name,
      imageShape: [64, 64, 3],
      counts: { train: 6, test: 2 },
    })
    expect([...opened.trainSet.labels]).toEqual([0, 0, 0, 1, 1, 1])
    expect([...opened.testSet.labels]).toEqual([0, 1])
    expect(opened.files).toEqual([
      { name: 'images.bin', bytes: expect.any(Number), sha256: expect.any(String) },
    ])
    expect(opened.decoding).toMatchObject({ shortSide: 73, decoder: { sharp: '0.35.5' } })
  })

  it('has one name however it is packed and wherever it lies, and another when a picture changes', async () => {
    const contentOf = async (from: string) => (await add(from)).dataset.content
    const folder = await folderOf(files)
    const first = await contentOf(folder)
    const home = await temporaryFolder()
    const inFolder = [...files].map(([path, bytes]) => ({ name: `photos/${path}`, content: bytes }))
    await writeFile(join(home, 'photos.tgz'), await tarGz(inFolder))
    await writeFile(join(home, 'photos.zip'), zipped(inFolder))
    expect(await contentOf(join(home, 'photos.tgz'))).toBe(first)
    expect(await contentOf(join(home, 'photos.zip'))).toBe(first)
    await writeFile(
      join(folder, 'test/cat/1.jpg'),
      await jpeg({ height: 70, width: 70, colour: colours.cat, noise: 9 }),
    )
    expect(await contentOf(folder)).not.toBe(first)
  })

  it('is added once for each size', async () => {
    const [dataFolder, from] = [await temporaryFolder(), await folderOf(files)]
    expect(await add(from, { dataFolder })).toMatchObject({ state: 'added' })
    expect(await add(from, { dataFolder })).toMatchObject({ state: 'present' })
    const { dataset } = await add(from, { dataFolder })
    await expect(
      openDataset({ ...dataset, size: 96 } as typeof dataset, { dataFolder }),
    ).rejects.toMatchObject({
      code: 'data-missing',
      hint: expect.stringContaining('data add image-folder --from DIR'),
    })
  })

  it('is split by split.csv', async () => {
    const pictures = unsplit()
    const lines = [...pictures.keys()].map((path) => `${path},${path.includes('/test-') ? 'test' : 'train'}`)
    const { dataset } = await add(
      await folderOf(contents(...pictures, ['split.csv', ['path,split', ...lines, ''].join('\n')])),
    )
    expect(dataset).toMatchObject({ classes: ['cat', 'dog'], images: { train: 6, test: 2 } })
  })

  it('is split by a draw that was asked for, the same one each time', async () => {
    const from = await folderOf(unsplit())
    const drawn = async (splitSeed: number) => (await add(from, { testShare: 0.25, splitSeed })).dataset
    expect(await drawn(1)).toMatchObject({ images: { train: 6, test: 2 } })
    expect((await drawn(1)).content).toBe((await drawn(1)).content)
    const drawnBy = await Promise.all([1, 2, 3, 4].map(async (seed) => (await drawn(seed)).content))
    expect(new Set(drawnBy).size).toBeGreaterThan(1)
  })

  it('trains on crops and is evaluated on centres: the same bytes from threads as without', async () => {
    const dataFolder = await temporaryFolder()
    const { dataset: options } = await add(await folderOf(files), { dataFolder })
    const dataset = await openDataset(options, { dataFolder })
    const augmentation = [
      augmentationOptions.parse({ name: 'random-resized-crop' }),
      augmentationOptions.parse({ name: 'horizontal-flip' }),
    ]
    const images = async (prefetch: number, epoch: number) => {
      const loader = createTrainLoader({ dataset, batchSize: 2, augmentation, seed: 3, prefetch, threads: 2 })
      const batches: number[][] = []
      for await (const batch of loader.batches(epoch)) batches.push([...batch.labels, ...batch.images])
      await loader.close()
      return batches
    }
    const inline = await images(0, 0)
    expect(inline.map((batch) => batch.length)).toEqual([2, 2, 1].map((size) => size * (64 * 64 * 3 + 1)))
    expect(await images(3, 0)).toEqual(inline)
    expect(await images(0, 1)).not.toEqual(inline)
  })
})

describe('an image folder is refused', () => {
  const without = (pattern: RegExp) => new Map([...files].filter(([path]) => !pattern.test(path)))
  const cases: [string, () => ReadonlyMap<string, Uint8Array | string>, RegExp][] = [
    ['that is empty', () => contents(['README.md', '']), /holds no picture/],
    ['where nothing says what is tested on', unsplit, /nothing says which pictures are tested on/],
    ['without a test folder', () => without(/^test/), /no picture is for the test split/],
    [
      'with a class that is tested and not trained',
      () => without(/^train\/dog/),
      /no picture of dog is trained on/,
    ],
    ['with one class', () => without(/dog/), /1 classes, expected 2 to 1000/],
    [
      'with a folder val',
      () => contents(...files, ['val/cat/9.jpg', files.get('test/cat/1.jpg') ?? '']),
      /val\/cat\/9.jpg lies in neither train nor test/,
    ],
    [
      'with a picture outside a class',
      () => contents(...files, ['train/9.jpg', 'x']),
      /train\/9.jpg lies in no class folder/,
    ],
    [
      'with a picture in both splits',
      () => contents(...files, ['train/dog/9.jpg', files.get('test/cat/1.jpg') ?? '']),
      /train\/dog\/9.jpg and test\/cat\/1.jpg are the same picture/,
    ],
    [
      'with a GIF',
      () => contents(...files, ['train/cat/9.gif', 'GIF89a']),
      /train\/cat\/9.gif in .* is neither JPEG nor PNG/,
    ],
    [
      'with a web page that is called .jpg',
      () => contents(...files, ['train/cat/9.jpg', '<html>']),
      /^train\/cat\/9.jpg can't be used: it is neither/,
    ],
    [
      'with a split file that forgets a picture',
      () => contents(...unsplit(), ['split.csv', 'cat/train-1.jpg,train']),
      /split.csv does not name cat\/test-1.jpg/,
    ],
    [
      'with a split file that cannot be read',
      () => contents(...unsplit(), ['split.csv', 'cat/train-1.jpg,val']),
      /line 1 of split.csv/,
    ],
  ]

  it.each(cases)('%s', async (_, make, message) => {
    await expect(add(await folderOf(make()))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(message),
      hint: expect.any(String),
    })
  })

  it('where two things say what is tested on, or a seed has nothing to draw', async () => {
    const refusedFor = async (files: Contents, changes: Partial<AddImageFolderOptions>, message: RegExp) =>
      await expect(add(await folderOf(files), changes)).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(message),
      })
    const linesFor = (pictures: Contents) =>
      [...pictures.keys()].map((path) => `${path},${/test/.test(path) ? 'test' : 'train'}`).join('\n')
    const split = contents(...unsplit(), ['split.csv', linesFor(unsplit())])
    await refusedFor(split, { testShare: 0.5 }, /split.csv and --test-share both choose/)
    await refusedFor(files, { testShare: 0.5 }, /its folders and --test-share both choose/)
    // Else the classes would be train and test.
    const twice = contents(...files, ['split.csv', linesFor(files)])
    await refusedFor(twice, {}, /its folders and split.csv both choose/)
    await refusedFor(files, { splitSeed: 1 }, /--split-seed draws nothing/)
  })

  it('in which a picture changes after the whole was named by its content', async () => {
    const from = await folderOf(files)
    const other = await jpeg({ height: 70, width: 70, colour: colours.dog, noise: 9 })
    const onProgress: AddImageFolderOptions['onProgress'] = ({ phase, images }) => {
      if (phase === 'reading' && images === files.size) writeFileSync(join(from, 'test/cat/1.jpg'), other)
    }
    await expect(add(from, { onProgress })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('test/cat/1.jpg in'),
    })
  })

  it('with a link', async () => {
    const from = await folderOf(files)
    await symlink('/etc/passwd', join(from, 'train/cat/9.jpg'))
    await expect(add(from)).rejects.toMatchObject({ message: expect.stringMatching(/9.jpg is a link/) })
  })

  it('that is no folder or archive', async () => {
    const from = await folderOf(contents(['a', 'text']))
    await expect(add(join(from, 'a'))).rejects.toMatchObject({
      message: expect.stringContaining('neither a folder nor'),
    })
    await expect(add(join(from, 'b'))).rejects.toMatchObject({
      message: expect.stringContaining('There is no'),
    })
  })

  it('in a spec with classes that come twice, or validation that leaves nothing', () => {
    const options = {
      name: 'image-folder',
      content: `sha256:${'0'.repeat(64)}`,
      classes: ['a', 'b'],
      images: { train: 10, test: 5 },
    }
    expect(datasetOptions.safeParse(options).success).toBe(true)
    expect(datasetOptions.safeParse({ ...options, classes: ['a', 'a'] }).success).toBe(false)
    expect(datasetOptions.safeParse({ ...options, validation: { size: 9 } }).success).toBe(false)
    expect(datasetOptions.safeParse({ ...options, size: 65 }).success).toBe(false)
  })
})
