/** `npm run bench:grouped`: grouped convolutions against dense ones of the same width, in time and memory. */
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { openBackend } from '../../packages/backends/src/index.ts'
import { groupedConvKernel, groupedConvolution } from '../../packages/nn/src/index.ts'
import { runTool } from '../support/run-tool.ts'
import { readCount } from './read-count.ts'

const help = `Measures 3 x 3 convolutions, forward and both gradients, grouped and dense, of the same width.

  npm run bench:grouped -- [--backend auto] [--batch 16] [--steps 5]

  --backend NAME  auto, tensorflow-gpu, tensorflow, wasm or cpu
  --batch N       images
  --steps N       measured steps, after one to warm up; the fastest counts
  --help          this page

Sizes are those of ResNeXt-29 8x64d at 32 x 32 and ResNeXt-50 32x4d at 224 x 224. GFLOP/s counts 3 x 2 FLOPs a
multiply-accumulate. Memory is the most that tensors take at once.
`

interface Size {
  readonly title: string
  readonly side: number
  readonly channels: number
  readonly groups: number
}

const sizes: readonly Size[] = [
  { title: 'ResNeXt-29 8x64d, stage 1', side: 32, channels: 512, groups: 8 },
  { title: 'ResNeXt-29 8x64d, stage 3', side: 8, channels: 2048, groups: 8 },
  { title: 'ResNeXt-50 32x4d, stage 1', side: 56, channels: 128, groups: 32 },
  { title: 'ResNeXt-50 32x4d, stage 2', side: 28, channels: 256, groups: 32 },
  { title: 'ResNeXt-50 32x4d, stage 4', side: 7, channels: 1024, groups: 32 },
]

/** Time and memory of forward pass and both gradients. */
async function measure({ side, channels }: Size, groups: number, batch: number, steps: number) {
  const x = tf.randomNormal<tf.Rank.R4>([batch, side, side, channels], 0, 1, 'float32', 1)
  const filter = tf.randomNormal<tf.Rank.R4>([3, 3, channels / groups, channels], 0, 0.1, 'float32', 2)
  const dy = tf.randomNormal<tf.Rank.R4>(x.shape, 0, 1, 'float32', 3)
  const convolve = (a: tf.Tensor4D, b: tf.Tensor4D) =>
    groups === 1 ? tf.conv2d(a, b, 1, 'same') : groupedConvolution(a, b, { groups, strides: 1, pad: 'same' })
  const differentiate = tf.grads((...args) => convolve(args[0] as tf.Tensor4D, args[1] as tf.Tensor4D))
  const step = () => {
    const gradients = differentiate([x, filter], dy)
    // Reading waits for a GPU.
    for (const gradient of gradients) gradient.dataSync()
    tf.dispose(gradients)
  }
  const { peakBytes } = await tf.profile(() => step())
  let seconds = Number.POSITIVE_INFINITY
  for (let i = 0; i < steps; i++) {
    const began = performance.now()
    step()
    seconds = Math.min(seconds, (performance.now() - began) / 1000)
  }
  tf.dispose([x, filter, dy])
  const macs = batch * side * side * channels * 9 * (channels / groups)
  return { seconds, peakBytes, gflopPerSecond: (6 * macs) / seconds / 1e9 }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string', default: 'auto' },
      batch: { type: 'string', default: '16' },
      steps: { type: 'string', default: '5' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const batch = readCount('batch', values.batch, 4096)
  const steps = readCount('steps', values.steps, 1000)
  const backend = await openBackend(values.backend)
  const form = tf.getKernel(groupedConvKernel, tf.getBackend())
    ? 'kernels of its own'
    : 'composed of core ops'
  process.stdout.write(`${backend.name} ${backend.version}, batch ${batch}; grouped convolution: ${form}\n\n`)
  const cells = ['', 'grouped ms', 'GFLOP/s', 'MB', 'dense ms', 'GFLOP/s', 'MB']
  const line = (row: readonly string[]) =>
    process.stdout.write(
      `${row.map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(12))).join('')}\n`,
    )
  line(cells)
  for (const size of sizes) {
    const results = [await measure(size, size.groups, batch, steps), await measure(size, 1, batch, steps)]
    line([
      size.title,
      ...results.flatMap(({ seconds, gflopPerSecond, peakBytes }) => [
        (1000 * seconds).toFixed(1),
        gflopPerSecond.toFixed(1),
        (peakBytes / 1e6).toFixed(0),
      ]),
    ])
  }
}

await runTool(main)
