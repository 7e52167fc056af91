/**
 * How fast batches are prepared, and how long a training step waits for them. Prints, asserts nothing.
 *
 *     npm run bench:data -- --help
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { assumedShareOfPeak, peakFlopPerSecond } from '@mate-bench/cloud/cost'
import {
  type AugmentationOptions,
  augmentationOptions,
  createTrainLoader,
  datasetOptions,
  type OpenDataset,
  openDataset,
} from '@mate-bench/datasets'
import { planSpec, readSpec } from '@mate-bench/harness'
import { digestIndices } from '@mate-bench/provenance'
import { createRandom } from '@mate-bench/stats'
import { runTool } from '../support/run-tool.ts'
import { makePhotographs } from './made-photographs.ts'
import { readCount } from './read-count.ts'

const help = `Prints images/s of the training loader alone, and the share of time a training step waits for it;
for photographs also with the step of a GPU, at the rates that plan --cloud assumes.

Usage: npm run bench:data -- [options]

  --dataset NAME      a dataset that is there, "random" for 10,000 random images of CIFAR's shape, or
                      "photographs" for 1,000 packed ones that are seen at 224 x 224, in a temporary file
                      (default: fashion-mnist-mini, random and photographs)
  --batch-size N      images in a batch (default 64)
  --step-ms N         length of the simulated training step, which blocks as a real one does (default 100)
  --steps N           steps of the waiting measurement (default 50)
  --prefetch N        batches prepared ahead (default 4)
  --threads N         threads that prepare (default: as many as training takes)
  --help              this text`

/** What photographs are usually trained with. */
const forPhotographs: AugmentationOptions[] = [
  augmentationOptions.parse({ name: 'random-resized-crop' }),
  augmentationOptions.parse({ name: 'horizontal-flip' }),
]

/** Random crop and flip: what CIFAR is usually trained with. */
const forSmallImages: AugmentationOptions[] = [
  augmentationOptions.parse({ name: 'random-crop' }),
  augmentationOptions.parse({ name: 'horizontal-flip' }),
]

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dataset: { type: 'string' },
      'batch-size': { type: 'string', default: '64' },
      'step-ms': { type: 'string', default: '100' },
      steps: { type: 'string', default: '50' },
      prefetch: { type: 'string', default: '4' },
      threads: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(help)
  const batchSize = readCount('batch-size', values['batch-size'], 4096)
  const stepMilliseconds = readCount('step-ms', values['step-ms'], 60_000)
  const steps = readCount('steps', values.steps, 10_000)
  const prefetch = readCount('prefetch', values.prefetch, 64)
  const threads = values.threads === undefined ? undefined : readCount('threads', values.threads, 64)
  const names = values.dataset ? [values.dataset] : ['fashion-mnist-mini', 'random', 'photographs']
  for (const name of names) {
    const { dataset, remove } = await openNamed(name)
    const isPacked = 'packed' in dataset.trainSet
    const augmentation = isPacked ? forPhotographs : forSmallImages
    const open = (ahead: number) =>
      createTrainLoader({
        dataset,
        batchSize,
        augmentation,
        seed: 0,
        prefetch: ahead,
        ...(threads === undefined ? {} : { threads }),
      })
    const what = augmentation.map((options) => options.name).join(', ')
    console.log(`${name}: ${dataset.imageShape.join('x')}, batch ${batchSize}, ${what}`)
    for (const [where, ahead] of [
      ['in the calling thread', 0],
      [isPacked ? 'in threads' : 'in a thread', prefetch],
    ] as const) {
      const loader = open(ahead)
      await imagesPerSecond(loader) // the first epoch warms up
      const began = process.cpuUsage()
      const rate = await imagesPerSecond(loader)
      const { user, system } = process.cpuUsage(began)
      // Of all threads of the process: what the machine's other work does not change.
      const cpuMilliseconds = (user + system) / 1000 / dataset.splits.train.indices.length
      console.log(
        `  alone, ${where}: ${Math.round(rate)} images/s, ${cpuMilliseconds.toPrecision(3)} ms of processor time an image`,
      )
      const say = async (step: string, take: () => void) => {
        const { share, medianMilliseconds, longestMilliseconds, firstMilliseconds } = await waiting(
          loader,
          take,
          steps,
        )
        console.log(
          `  with ${step}, ${where}: waits ${(100 * share).toFixed(2)} % of the time ` +
            `(median ${medianMilliseconds.toFixed(2)} ms, longest ${longestMilliseconds.toFixed(2)} ms), ` +
            `and ${firstMilliseconds.toFixed(0)} ms for its first batch`,
        )
      }
      await say(`a step of ${stepMilliseconds} ms`, () => block(stepMilliseconds))
      if (isPacked) {
        for (const [gpu, rate] of assumedRates()) {
          const milliseconds = (1000 * batchSize) / rate
          await say(`the step of an ${gpu} (${milliseconds.toFixed(1)} ms)`, () => waitForGpu(milliseconds))
        }
      }
      await loader.close()
    }
    if (isPacked) sayWhatGpusNeed()
    remove()
  }
}

async function openNamed(name: string): Promise<{ dataset: OpenDataset; remove: () => void }> {
  if (name === 'photographs') return makePhotographs()
  const remove = () => {}
  if (name === 'random') return { dataset: randomDataset(), remove }
  return { dataset: await openDataset(datasetOptions.parse({ name })), remove }
}

const gpuSpec = 'bench-specs/cub-200-2011/resnet18-mate.json'

/** Images a second at the vendor's single-precision peak: nobody publishes the rate of this network on these GPUs. */
function peakRates() {
  const { forwardMacs, methodMacs } = planSpec(readSpec(join(import.meta.dirname, '../..', gpuSpec)))
  const operations = 2 * 3 * (forwardMacs + methodMacs)
  return (['A10G', 'L4'] as const).map((gpu) => [gpu, peakFlopPerSecond[gpu] / operations] as const)
}

/** Images a second as `plan --cloud` assumes. */
function assumedRates() {
  return peakRates().map(([gpu, rate]) => [gpu, rate * assumedShareOfPeak] as const)
}

function sayWhatGpusNeed(): void {
  for (const [gpu, atPeak] of peakRates()) {
    console.log(
      `  ${gpu}, ${gpuSpec}: ${Math.round(atPeak * assumedShareOfPeak)} images/s as \`plan --cloud\` assumes ` +
        `(${100 * assumedShareOfPeak} % of the peak), at most ${Math.round(atPeak)} at the vendor's single-precision peak ` +
        `of ${peakFlopPerSecond[gpu] / 1e12} TFLOP/s`,
    )
  }
}

type Loader = ReturnType<typeof createTrainLoader>

async function imagesPerSecond(loader: Loader): Promise<number> {
  const started = performance.now()
  let images = 0
  for await (const batch of loader.batches(0)) images += batch.size
  return (1000 * images) / (performance.now() - started)
}

/**
 * Runs simulated steps and measures the time between asking for a batch and having it. The very first one, before which nothing
 * was prepared, is told apart.
 */
async function waiting(loader: Loader, step: () => void, steps: number) {
  const waits: number[] = []
  let started = performance.now()
  let firstMilliseconds: number | undefined
  for (let epoch = 0; waits.length < steps; epoch++) {
    let asked = performance.now()
    for await (const _ of loader.batches(epoch)) {
      if (firstMilliseconds === undefined) {
        firstMilliseconds = performance.now() - asked
        started = performance.now()
      } else waits.push(performance.now() - asked)
      step()
      if (waits.length === steps) break
      asked = performance.now()
    }
  }
  const wallMilliseconds = performance.now() - started
  waits.sort((a, b) => a - b)
  return {
    share: waits.reduce((a, b) => a + b, 0) / wallMilliseconds,
    medianMilliseconds: waits[waits.length >> 1] ?? 0,
    longestMilliseconds: waits.at(-1) ?? 0,
    firstMilliseconds: firstMilliseconds ?? 0,
  }
}

/** Keeps the thread busy, as a step on a backend that runs in it does. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

const never = new Int32Array(new SharedArrayBuffer(4))

/** Holds the thread without keeping a core busy, as reading a loss from a GPU does. */
function waitForGpu(milliseconds: number): void {
  Atomics.wait(never, 0, 0, milliseconds)
}

function randomDataset(): OpenDataset {
  const count = 10_000
  const random = createRandom(0, 'bench-data')
  const images = Uint8Array.from({ length: count * 32 * 32 * 3 }, () => random.integer(256))
  const set = { images, labels: new Uint8Array(count) }
  const indices = Uint32Array.from({ length: count }, (_, index) => index)
  const all = { indices, digest: digestIndices(indices) }
  const none = { indices: new Uint32Array(), digest: digestIndices(new Uint32Array()) }
  return {
    name: 'random',
    imageShape: [32, 32, 3],
    classes: ['none'],
    normalisation: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], source: 'Made up.' },
    source: 'random',
    files: [],
    trainSet: set,
    testSet: set,
    splits: { train: all, validation: none, test: all },
  }
}

await runTool(main)
