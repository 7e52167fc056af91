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
import type { Backbone } from './backbone.ts'
import {
  addShortcut,
  blockPoints,
  bottleneckBlock,
  bottleneckStages,
  describeStages,
  residualStem,
} from './residual.ts'

const threeStageDepths = [8, 14, 20, 32, 44, 56, 110] as const
const fourStageBlocks = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], ...bottleneckStages } as const

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
        'Channels of the first stage, doubled at each later one. Default 16 or 64, depending on the depth.',
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

/** Eq. 1 and 2: relu(F(x) + shortcut(x)). */
function basicBlock(g: GraphBuilder, input: string, filters: number, stride: number): string {
  const x = g.convBatchNormRelu(1, input, { filters, kernel: 3, stride })
  return addShortcut(g, input, g.batchNorm('bn2', g.conv('conv2', x, { filters, kernel: 3 })), stride)
}

export const resnet: Backbone<typeof options> = {
  name: 'resnet',
  title: 'ResNet',
  citation: 'He, Zhang, Ren, Sun. Deep Residual Learning for Image Recognition. CVPR 2016. arXiv:1512.03385',
  options,
  downSamples: true,
  batchNorm: (opts) => opts.batchNorm,
  attachPoints: (opts) => blockPoints(plan(opts).blocks).flat(),
  describe(opts, g) {
    const { blocks, width, bottleneck } = plan(opts)
    const attachPoints = describeStages(g, {
      blocks,
      stem: () => residualStem(g, opts.stem, width),
      block: (_, x, { stage, stride }) => {
        const inner = width * 2 ** stage
        if (!bottleneck) return basicBlock(g, x, inner, stride)
        return bottleneckBlock(g, x, { inner, filters: 4 * inner, stride })
      },
    })
    return { attachPoints }
  },
}
