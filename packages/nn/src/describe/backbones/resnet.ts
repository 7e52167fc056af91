/**
 * Deep Residual Learning for Image Recognition. K. He, X. Zhang, S. Ren, J. Sun. CVPR 2016.
 * https://arxiv.org/abs/1512.03385
 *
 * Two forms, chosen by the depth: three stages of 16-32-64 channels (section 4.2, CIFAR: 8, 14, 20, 32, 44, 56, 110)
 * and four stages of 64-128-256-512 (section 4.1, ImageNet: 18, 34, 50, 101, 152; bottleneck blocks from 50 on).
 *
 * What differs: shortcuts that change shape are a 1x1 convolution with batch norm in both forms (the paper's option B;
 * its CIFAR nets use zero padding, option A). The stride of a bottleneck sits in its 3x3 convolution, as most later
 * implementations have it ("v1.5"), not in the first 1x1.
 */
import { z } from 'zod'
import { batchNormField } from '../batch-norm-options.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { type AttachPoint, type Backbone, withStagesToCome } from './backbone.ts'

const threeStageDepths = [8, 14, 20, 32, 44, 56, 110] as const
const fourStageBlocks = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
} as const

const options = z
  .strictObject({
    name: z.literal('resnet'),
    depth: z
      .literal([...threeStageDepths, 18, 34, 50, 101, 152])
      .describe(
        '8, 14, 20, 32, 44, 56, 110: three stages of 16-32-64 channels. 18, 34, 50, 101, 152: four of 64-128-256-512.',
      ),
    width: z
      .int()
      .min(1)
      .max(1024)
      .optional()
      .describe(
        'Channels of the first stage, doubled at each further one. By default 16 or 64, by the depth.',
      ),
    stem: z
      .enum(['cifar', 'imagenet'])
      .default('cifar')
      .describe(
        'cifar: 3x3 convolution, stride 1. imagenet: 7x7 with stride 2, then 3x3 max-pooling with stride 2.',
      ),
    batchNorm: batchNormField,
  })
  .describe('Residual network (He et al. 2016).')

type ResNetOptions = z.output<typeof options>

/** Blocks of each stage, the first stage's channels, and whether blocks are bottlenecks. */
function plan({ depth, width }: ResNetOptions) {
  switch (depth) {
    case 18:
    case 34:
    case 50:
    case 101:
    case 152:
      return { blocks: fourStageBlocks[depth], width: width ?? 64, bottleneck: depth >= 50 }
    default: {
      const perStage = (depth - 2) / 6
      return { blocks: [perStage, perStage, perStage], width: width ?? 16, bottleneck: false }
    }
  }
}

/** Relative names of the points after each block; the last block's point is the stage's own. */
function pointNames(blocks: readonly number[]): string[][] {
  return blocks.map((count, stage) =>
    Array.from({ length: count }, (_, block) =>
      block === count - 1 ? `stage${stage + 1}` : `stage${stage + 1}.block${block}`,
    ),
  )
}

interface BlockOptions {
  width: number
  stride: number
  bottleneck: boolean
}

/** Eq. 1 and 2: relu(F(x) + shortcut(x)). */
function residualBlock(g: GraphBuilder, input: string, { width, stride, bottleneck }: BlockOptions): string {
  const outWidth = bottleneck ? 4 * width : width
  let branch: string
  if (bottleneck) {
    branch = g.convBatchNormRelu(1, input, { filters: width, kernel: 1 })
    branch = g.convBatchNormRelu(2, branch, { filters: width, kernel: 3, stride })
    branch = g.batchNorm('bn3', g.conv('conv3', branch, { filters: outWidth, kernel: 1 }))
  } else {
    branch = g.convBatchNormRelu(1, input, { filters: width, kernel: 3, stride })
    branch = g.batchNorm('bn2', g.conv('conv2', branch, { filters: width, kernel: 3 }))
  }
  const keepsShape = stride === 1 && g.map(input)[2] === outWidth
  const shortcut = keepsShape
    ? input
    : g.batchNorm(
        'shortcut.bn',
        g.conv('shortcut.conv', input, { filters: outWidth, kernel: 1, stride, padding: 0 }),
      )
  return g.relu('relu', g.add('add', { kind: 'add' }, branch, shortcut))
}

function stem(g: GraphBuilder, form: ResNetOptions['stem'], width: number): string {
  if (form === 'cifar') return g.convBatchNormRelu('', 'input', { filters: width, kernel: 3 })
  const x = g.convBatchNormRelu('', 'input', { filters: width, kernel: 7, stride: 2 })
  return g.add('pool', { kind: 'max-pool', size: 3, stride: 2, padding: 1 }, x)
}

export const resnet: Backbone<typeof options> = {
  name: 'resnet',
  title: 'ResNet',
  citation: 'He, Zhang, Ren, Sun. Deep Residual Learning for Image Recognition. CVPR 2016. arXiv:1512.03385',
  options,
  downSamples: true,
  batchNorm: (opts) => opts.batchNorm,
  attachPoints: (opts) => pointNames(plan(opts).blocks).flat(),
  describe(opts, g) {
    const { blocks, width, bottleneck } = plan(opts)
    const owner = { part: 'backbone', segment: 1 } as const
    let x = g.within({ owner, stage: 'stage1', prefix: 'stem.' }, () => stem(g, opts.stem, width))
    const points: Omit<AttachPoint, 'stagesToCome'>[] = []
    for (const [index, names] of pointNames(blocks).entries()) {
      const stage = `stage${index + 1}`
      for (const [block, name] of names.entries()) {
        const stride = index > 0 && block === 0 ? 2 : 1
        x = g.within({ owner, stage, prefix: `${stage}.block${block}.` }, () =>
          residualBlock(g, x, { width: width * 2 ** index, stride, bottleneck }),
        )
        points.push({ name, node: x, nodeCount: g.nodes.length })
      }
    }
    return { attachPoints: withStagesToCome(points, g) }
  },
}
