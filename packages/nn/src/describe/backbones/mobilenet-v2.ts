/**
 * MobileNetV2: Inverted Residuals and Linear Bottlenecks. M. Sandler, A. Howard, M. Zhu, A. Zhmoginov, L.-C. Chen.
 * CVPR 2018. https://arxiv.org/abs/1801.04381
 *
 * An inverted residual block widens by a 1x1 convolution (times the expansion t; none for t = 1), convolves each channel
 * by itself 3x3, and narrows by a 1x1 convolution without activation (table 1); x is added where the shape stays. Table
 * 2 lists the blocks; a 1x1 convolution to 1280 channels ends the last stage. A stage here is a run of blocks at one resolution:
 * five behind the stem with stride 2 (ImageNet), four with `stem` cifar, where stem and the second row of table 2 have stride 1.
 *
 * Follows pytorch/vision, torchvision/models/mobilenetv2.py at 0256d65, and for CIFAR cloak-s/LOTH, models/MobileV2.py
 * at 3c28486 (with ReLU in place of ReLU6, and exits at the ends of the four stages).
 *
 * An exit within the backbone takes a block's linear output, as the next block does; it has no activation of its own.
 */
import { z } from 'zod'
import { batchNormField } from '../batch-norm-options.ts'
import type { ConvOptions, GraphBuilder } from '../graph-builder.ts'
import { poolToFeature } from '../heads/head.ts'
import { type AttachPoint, type Backbone, type ExitFeatures, withStagesToCome } from './backbone.ts'

const options = z
  .strictObject({
    name: z.literal('mobilenet-v2'),
    widthMultiplier: z
      .number()
      .min(0.1)
      .max(4)
      .default(1)
      .describe(
        'Multiplies the channels of every layer, rounded to multiples of 8; the last 1x1 convolution never has fewer than 1280.',
      ),
    activation: z
      .enum(['relu6', 'relu'])
      .default('relu6')
      .describe('relu6: min(max(x, 0), 6), as in the paper. relu: as in implementations for CIFAR.'),
    dropout: z
      .number()
      .min(0)
      .max(0.9)
      .default(0)
      .describe('Dropout rate before the classifier of the last exit; 0.2 in torchvision.'),
    stem: z
      .enum(['cifar', 'imagenet'])
      .default('cifar')
      .describe('imagenet: stem and 24-channel blocks with stride 2. cifar: both with stride 1.'),
    batchNorm: batchNormField,
  })
  .describe('MobileNetV2 (Sandler et al. 2018).')

type MobileNetOptions = z.output<typeof options>

/** Table 2: expansion t, channels c, blocks n, stride s of the first one. */
const rows = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const

/** The nearest multiple of 8 that is at most a tenth below `channels`. */
function divisible(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8)
  return rounded < 0.9 * channels ? rounded + 8 : rounded
}

interface Block {
  readonly expansion: number
  readonly filters: number
  readonly stride: number
}

/** Blocks of each stage: a new one begins with every stride of 2. */
function stagesOf({ stem, widthMultiplier }: MobileNetOptions): Block[][] {
  const stages: Block[][] = [[]]
  for (const [row, [expansion, channels, count, rowStride]] of rows.entries()) {
    for (let block = 0; block < count; block++) {
      const stride = block > 0 || (row === 1 && stem === 'cifar') ? 1 : rowStride
      if (stride === 2) stages.push([])
      stages.at(-1)?.push({ expansion, filters: divisible(channels * widthMultiplier), stride })
    }
  }
  return stages
}

/** Names of the points after each block; the last stage's own point stands after the 1x1 convolution. */
function pointNames(stages: readonly (readonly Block[])[]): string[][] {
  return stages.map((blocks, stage) =>
    blocks.map((_, block) => {
      const isEnd = block === blocks.length - 1 && stage < stages.length - 1
      return isEnd ? `stage${stage + 1}` : `stage${stage + 1}.block${block}`
    }),
  )
}

type Activation = MobileNetOptions['activation']

function activated(g: GraphBuilder, id: string | number, input: string, activation: Activation): string {
  return g.add(`relu${id}`, { kind: activation }, g.batchNorm(`bn${id}`, input))
}

function activatedConv(
  g: GraphBuilder,
  id: string | number,
  input: string,
  conv: ConvOptions,
  activation: Activation,
): string {
  return activated(g, id, g.conv(`conv${id}`, input, conv), activation)
}

/** Table 1; figure 4(d). */
function invertedResidual(g: GraphBuilder, input: string, block: Block, activation: Activation): string {
  const { expansion, filters, stride } = block
  const channels = g.map(input)[2]
  let x = input
  if (expansion > 1) {
    x = activatedConv(g, 1, x, { filters: channels * expansion, kernel: 1 }, activation)
  }
  x = activated(g, 2, g.depthwiseConv('depthwise', x, { kernel: 3, stride }), activation)
  x = g.batchNorm('bn3', g.conv('conv3', x, { filters, kernel: 1 }))
  return stride === 1 && channels === filters ? g.add('add', { kind: 'add' }, x, input) : x
}

function finish({ dropout }: MobileNetOptions, g: GraphBuilder, node: string): ExitFeatures {
  const pooled = poolToFeature(g, node)
  if (dropout === 0) return pooled
  return { ...pooled, beforeLogits: g.add('dropout', { kind: 'dropout', rate: dropout }, pooled.feature) }
}

export const mobilenetV2: Backbone<typeof options> = {
  name: 'mobilenet-v2',
  title: 'MobileNetV2',
  citation:
    'Sandler, Howard, Zhu, Zhmoginov, Chen. MobileNetV2: Inverted Residuals and Linear Bottlenecks. CVPR 2018. arXiv:1801.04381',
  options,
  downSamples: true,
  batchNorm: (opts) => opts.batchNorm,
  attachPoints: (opts) => {
    const stages = stagesOf(opts)
    return [...pointNames(stages).flat(), `stage${stages.length}`]
  },
  describe(opts, g) {
    const { activation, widthMultiplier } = opts
    const owner = { part: 'backbone', segment: 1 } as const
    const stages = stagesOf(opts)
    const names = pointNames(stages)
    const points: Omit<AttachPoint, 'stagesToCome'>[] = []
    const stem = {
      filters: divisible(32 * widthMultiplier),
      kernel: 3,
      stride: opts.stem === 'imagenet' ? 2 : 1,
    }
    let x = g.within({ owner, stage: 'stage1', prefix: 'stem.' }, () =>
      activatedConv(g, '', 'input', stem, activation),
    )
    for (const [index, blocks] of stages.entries()) {
      const stage = `stage${index + 1}`
      for (const [id, block] of blocks.entries()) {
        x = g.within({ owner, stage, prefix: `${stage}.block${id}.` }, () =>
          invertedResidual(g, x, block, activation),
        )
        points.push({ name: names[index]?.[id] ?? stage, node: x, nodeCount: g.nodes.length })
      }
    }
    const lastStage = `stage${stages.length}`
    const lastFilters = divisible(1280 * Math.max(1, widthMultiplier))
    x = g.within({ owner, stage: lastStage, prefix: `${lastStage}.last.` }, () =>
      activatedConv(g, '', x, { filters: lastFilters, kernel: 1 }, activation),
    )
    points.push({ name: lastStage, node: x, nodeCount: g.nodes.length })
    return {
      attachPoints: withStagesToCome(points, g),
      finish: (builder, node) => finish(opts, builder, node),
    }
  },
}
