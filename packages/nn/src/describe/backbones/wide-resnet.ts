/**
 * Wide Residual Networks. S. Zagoruyko, N. Komodakis. BMVC 2016. https://arxiv.org/abs/1605.07146
 *
 * WRN-d-k in two forms, chosen by the depth. d = 6n + 4 (section 3, table 1, CIFAR): a 3x3 convolution to 16 channels,
 * three stages of n blocks of 16k, 32k and 64k channels. Blocks are pre-activated: batch norm and ReLU before each of two 3x3
 * convolutions, dropout between them where asked for; where the width changes, the shortcut is a 1x1 convolution of the
 * activated input, and it has no batch norm. One more batch norm and ReLU end the network. d = 50, 101 (section 4,
 * WRN-50-2-bottleneck, ImageNet): ResNet's bottlenecks whose 3x3 convolution is k times as wide.
 *
 * Follows szagoruyko/wide-residual-networks, pytorch/resnet.py at 39a0e44 and models/wide-resnet.lua at 04d8058;
 * for 50 and 101 pytorch/vision, torchvision/models/resnet.py.
 *
 * What differs: an exit before the end begins with a batch norm and ReLU of its own, as the network's end does, since
 * what a pre-activated block hands over is the bare sum of its branches. The head pays for it.
 */
import { z } from 'zod'
import { batchNormField } from '../batch-norm-options.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { activate, type Backbone } from './backbone.ts'
import {
  blockPoints,
  bottleneckBlock,
  bottleneckStages,
  describeStages,
  type ResidualPlan,
  residualStem,
} from './residual.ts'

const options = z
  .strictObject({
    name: z.literal('wide-resnet'),
    depth: z
      .literal([10, 16, 22, 28, 34, 40, 50, 101])
      .describe('d of WRN-d-k. Three pre-activated stages; 50 and 101 have four bottleneck stages.'),
    widen: z
      .int()
      .min(1)
      .max(64)
      .describe("k of WRN-d-k: multiplies 16-32-64 channels, or the bottleneck's inner width."),
    dropout: z
      .number()
      .min(0)
      .max(0.9)
      .default(0)
      .describe(
        'Dropout rate between the two convolutions of a pre-activated block; 0.3 in the paper’s runs with dropout.',
      ),
    stem: z
      .enum(['cifar', 'imagenet'])
      .default('cifar')
      .describe(
        'cifar: 3x3 convolution, stride 1. imagenet: 7x7 with stride 2, then 3x3 max-pooling with stride 2.',
      ),
    batchNorm: batchNormField,
  })
  .refine(({ depth, dropout }) => dropout === 0 || !isBottleneck(depth), {
    path: ['dropout'],
    message: 'Only the pre-activated forms (depth 10 to 40) have dropout',
  })
  .describe('Wide residual network (Zagoruyko and Komodakis 2016).')

type WideResNetOptions = z.output<typeof options>

function isBottleneck(depth: number): depth is 50 | 101 {
  return depth === 50 || depth === 101
}

function blocksOf({ depth }: WideResNetOptions): readonly number[] {
  if (isBottleneck(depth)) return bottleneckStages[depth]
  const perStage = (depth - 4) / 6
  return [perStage, perStage, perStage]
}

interface BlockOptions {
  readonly filters: number
  readonly stride: number
  readonly dropout: number
}

/** Table 1: two convolutions, each behind batch norm and ReLU, plus x or a projection of relu(bn(x)). */
function preActivatedBlock(g: GraphBuilder, input: string, opts: BlockOptions): string {
  const { filters, stride, dropout } = opts
  const activated = g.batchNormRelu(1, input)
  let x = g.batchNormRelu(2, g.conv('conv1', activated, { filters, kernel: 3, stride }))
  if (dropout > 0) x = g.add('dropout', { kind: 'dropout', rate: dropout }, x)
  x = g.conv('conv2', x, { filters, kernel: 3 })
  const keepsWidth = g.map(input)[2] === filters
  const shortcut = keepsWidth
    ? input
    : g.conv('shortcut.conv', activated, { filters, kernel: 1, stride, padding: 0 })
  return g.add('add', { kind: 'add' }, x, shortcut)
}

/** The stem's convolution alone: the first block brings its batch norm and ReLU. */
function bareStem(g: GraphBuilder, form: WideResNetOptions['stem']): string {
  if (form === 'cifar') return g.conv('conv', 'input', { filters: 16, kernel: 3 })
  const x = g.conv('conv', 'input', { filters: 16, kernel: 7, stride: 2 })
  return g.add('pool', { kind: 'max-pool', size: 3, stride: 2, padding: 1 }, x)
}

function plan(opts: WideResNetOptions): ResidualPlan {
  const { depth, widen, dropout } = opts
  const blocks = blocksOf(opts)
  if (isBottleneck(depth)) {
    return {
      blocks,
      stem: (g) => residualStem(g, opts.stem, 64),
      block: (g, x, { stage, stride }) => {
        const width = 64 * 2 ** stage
        return bottleneckBlock(g, x, { inner: widen * width, filters: 4 * width, stride })
      },
    }
  }
  return {
    blocks,
    stem: (g) => bareStem(g, opts.stem),
    block: (g, x, { stage, stride }) =>
      preActivatedBlock(g, x, { filters: 16 * widen * 2 ** stage, stride, dropout }),
  }
}

export const wideResnet: Backbone<typeof options> = {
  name: 'wide-resnet',
  title: 'Wide ResNet',
  citation: 'Zagoruyko, Komodakis. Wide Residual Networks. BMVC 2016. arXiv:1605.07146',
  options,
  downSamples: true,
  batchNorm: (opts) => opts.batchNorm,
  attachPoints: (opts) => blockPoints(blocksOf(opts)).flat(),
  describe(opts, g) {
    const attachPoints = describeStages(g, plan(opts))
    if (isBottleneck(opts.depth)) return { attachPoints }
    return { attachPoints, beforeHead: activate }
  },
}
