import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AugmentationOptions } from '../augmentation/registry.ts'
import type { Batch, OpenDataset } from '../dataset.ts'
import { createSplit } from '../splits.ts'
import { evaluationBatches } from './evaluation-batches.ts'
import type { TrainLoader } from './inline-loader.ts'
import { createTrainLoader, type TrainLoaderOptions } from './train-loader.ts'

const imageShape = [4, 4, 1] as const
const imageSize = 16
const count = 23

/** 23 images whose pixels all hold the image's own index; 20 of them are trained on. */
function openTiny(train = Array.from({ length: 20 }, (_, i) => i + 3)): OpenDataset {
  const set = (size: number) => ({
    images: Uint8Array.from({ length: size * imageSize }, (_, i) => Math.floor(i / imageSize)),
    labels: Uint8Array.from({ length: size }, (_, i) => i % 10),
  })
  return {
    name: 'tiny',
    imageShape,
    classes: Array.from('0123456789'),
    normalisation: { mean: [0], std: [1 / 255], source: 'So that a pixel shows its index.' },
    source: 'none',
    files: [],
    trainSet: set(count),
    testSet: set(5),
    splits: {
      train: createSplit(Uint32Array.from(train)),
      validation: createSplit(Uint32Array.of(0, 1, 2)),
      test: createSplit(Uint32Array.of(0, 1, 2, 3, 4)),
    },
  }
}

const augmentation: AugmentationOptions[] = [
  { name: 'random-crop', padding: 1, mode: 'zero' },
  { name: 'horizontal-flip', probability: 0.5 },
]

function open(opts: Partial<TrainLoaderOptions> = {}): TrainLoader {
  const loader = createTrainLoader({ dataset: openTiny(), batchSize: 6, augmentation, seed: 1, ...opts })
  onTestFinished(() => loader.close())
  return loader
}

/** Copies what an epoch gives: the loader uses its memory again. */
async function collect(loader: TrainLoader, epoch: number, fromStep = 0): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const { images, labels, indices, size } of loader.batches(epoch, fromStep)) {
    batches.push({ images: images.slice(), labels: labels.slice(), indices, size })
  }
  return batches
}

describe('the training loader', () => {
  it('visits each training image once an epoch, the last batch smaller, in another order each epoch', async () => {
    const loader = open({ augmentation: [] })
    const orders = []
    for (const epoch of [0, 1]) {
      const batches = await collect(loader, epoch)
      expect(loader.stepsPerEpoch).toBe(4)
      expect(batches.map((batch) => batch.size)).toEqual([6, 6, 6, 2])
      for (const { images, labels, size } of batches) {
        expect(images.length).toBe(size * imageSize)
        expect(labels.length).toBe(size)
      }
      const seen = batches
        .flatMap(({ images }) => [...images].filter((_, i) => i % imageSize === 0))
        .map(Math.round)
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 3))
      expect(batches.flatMap(({ labels }) => [...labels])).toEqual(seen.map((index) => index % 10))
      orders.push(seen)
    }
    expect(orders[0]).not.toEqual(orders[1])
  })

  it('gives the same bytes from a thread as without one', async () => {
    const threaded = open()
    const inline = open({ prefetch: 0 })
    for (const epoch of [0, 1, 5])
      expect(await collect(threaded, epoch)).toEqual(await collect(inline, epoch))
  })

  it('gives views and partners alike with and without a thread, and again when it goes on', async () => {
    const rows = { views: 2, partners: { count: 1, distinct: true }, isTaken: () => true }
    const whole = await collect(open({ rows }), 1)
    expect(whole.map(({ labels, size }) => [labels.length, size])).toEqual([
      [18, 6],
      [18, 6],
      [18, 6],
      [6, 2],
    ])
    expect(await collect(open({ rows, prefetch: 0 }), 1, 2)).toEqual(whole.slice(2))
  })

  it('gives other bytes for another seed', async () => {
    const [one] = await collect(open({ prefetch: 0 }), 0)
    const [two] = await collect(open({ prefetch: 0, seed: 2 }), 0)
    expect(one?.images).not.toEqual(two?.images)
  })

  it('goes on at a step with the bytes that an uninterrupted epoch has there', async () => {
    const whole = await collect(open(), 2)
    expect(await collect(open(), 2, 3)).toEqual(whole.slice(3))
    expect(await collect(open(), 2, 4)).toEqual([])
  })

  it('serves on after a loop that was left early', async () => {
    const loader = open({ prefetch: 2 })
    for await (const batch of loader.batches(0)) {
      expect(batch.size).toBe(6)
      break
    }
    expect(await collect(loader, 1)).toEqual(await collect(open({ prefetch: 0 }), 1))
  })

  it('goes on from epoch to epoch with what it prepared ahead, also where an epoch is shorter than that', async () => {
    for (const batchSize of [6, 20]) {
      const loader = open({ batchSize, prefetch: 3, threads: 2 })
      const inline = open({ batchSize, prefetch: 0 })
      for (const [epoch, fromStep] of [[0], [1], [2], [2], [4], [5, 1], [6]] as const)
        expect(await collect(loader, epoch, fromStep)).toEqual(await collect(inline, epoch, fromStep))
    }
  })

  it('serves two epochs at the same time', async () => {
    const loader = open()
    const [first, second] = await Promise.all([collect(loader, 0), collect(loader, 1)])
    const inline = open({ prefetch: 0 })
    expect(first).toEqual(await collect(inline, 0))
    expect(second).toEqual(await collect(inline, 1))
  })

  it('takes a batch back when the next one is asked for', async () => {
    const batches = open({ prefetch: 1 }).batches(0)
    const first = await batches.next()
    const images = first.value?.images
    expect(images?.length).toBe(6 * imageSize)
    await batches.next()
    expect(images?.length).toBe(0)
  })

  it('passes on what went wrong in the thread', async () => {
    const dataset = openTiny([1, 2, count])
    const loader = open({ dataset })
    await expect(collect(loader, 0)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('Image 23 is outside the set of 23 images'),
    })
  })

  it('refuses after it was closed, and closes twice without harm', async () => {
    const loader = open()
    const batches = loader.batches(0)
    await batches.next()
    await loader.close()
    await loader.close()
    await expect(collect(loader, 1)).rejects.toMatchObject({ code: 'interrupted' })
  })

  it('refuses a split without images and a batch size that is none', () => {
    expect(() => open({ dataset: openTiny([]) })).toThrow(expect.objectContaining({ code: 'bad-input' }))
    expect(() => open({ batchSize: 0 })).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })

  it('keeps the process alive for whoever waits, and for nobody else', async () => {
    const root = fileURLToPath(new URL('../../../..', import.meta.url))
    const script = `
      import { createTrainLoader, openDataset, getDataset } from '@mate-bench/datasets'
      const options = getDataset('fashion-mnist-mini').options.parse({ name: 'fashion-mnist-mini' })
      const dataset = await openDataset(options)
      const open = () => createTrainLoader({ dataset, batchSize: 64, augmentation: [], seed: 0 })
      open() // nobody ever asks it for a batch
      const loader = open()
      for await (const batch of loader.batches(0)) { /* warms up, so that answers are under way when it is closed */ }
      for await (const batch of loader.batches(0)) { console.log(batch.size); break }
      await loader.close()
      console.log('closed')
      for await (const batch of open().batches(0)) { console.log(batch.size); break }`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: `${root}/packages/datasets`,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, printed }).toEqual({ code: 0, printed: '64\nclosed\n64\n' })
  })
})

describe('evaluation batches', () => {
  it('give a split in dataset order, not augmented, each with memory of its own', () => {
    const dataset = openTiny()
    const seen = (split: 'train' | 'validation' | 'test') =>
      [...evaluationBatches(dataset, split, 4)].map(({ images }) =>
        [...images].filter((_, i) => i % imageSize === 0).map(Math.round),
      )
    expect(seen('test')).toEqual([[0, 1, 2, 3], [4]])
    expect(seen('validation')).toEqual([[0, 1, 2]])
    expect(seen('train').flat()).toEqual(Array.from({ length: 20 }, (_, i) => i + 3))
  })

  it('are none for an empty split', () => {
    const dataset = openTiny()
    const splits = { ...dataset.splits, validation: createSplit(new Uint32Array()) }
    expect([...evaluationBatches({ ...dataset, splits }, 'validation', 4)]).toEqual([])
  })
})
