/**
 * Aggregated Residual Transformations for Deep Neural Networks. S. Xie, R. Girshick, P. Dollar, Z. Tu, K. He. CVPR 2017.
 * https://arxiv.org/abs/1611.05431
 *
 * ResNeXt-L (C x d): ResNet's bottlenecks whose 3x3 convolution has C groups (cardinality) of d channels in the first
 * stage, doubled with each further one (figure 3c, table 1). L = 9n + 2 (section 5.3, CIFAR, such as 29): three stages
 * of n blocks behind a 3x3 convolution to 64 channels. L = 50, 101, 152 (section 5.1, ImageNet): four, as in ResNet.
 *
 * Follows facebookresearch/ResNeXt, models/resnext.lua at 833a384 (`resnext_C`, shortcut type B), which agrees with
 * pytorch/vision, torchvision/models/resnet.py, on the ImageNet nets. Its README says of the CIFAR nets that the paper's
 * were pre-activated and that these, which are not, do better.
 */
import { z } from 'zod'
import { batchNormField } from '../batch-norm-options.ts'
import type { Backbone } from './backbone.ts'
import { blockPoints, bottleneckBlock, bottleneckStages, describeStages, residualStem } from './residual.ts'

const threeStageDepths = [11, 20, 29, 38, 47, 56] as const

const options = z
  .strictObject({
    name: z.literal('resnext'),
    depth: z
      .literal([...threeStageDepths, 50, 101, 152])
      .describe(
        '11, 20, 29, 38, 47, 56: three stages, as on CIFAR. 50, 101, 152: four stages, as on ImageNet.',
      ),
    cardinality: z.int().min(1).max(128).describe('C of C x d: number of groups of every 3x3 convolution.'),
    baseWidth: z
      .int()
      .min(1)
      .max(1024)
      .describe('d of C x d: channels per group in the first stage, at the default width.'),
    width: z
      .int()
      .min(1)
      .max(1024)
      .default(64)
      .describe(
        'Channels of the stem, and a quarter of those of the first stage; they double at each later stage, and the groups with them.',
      ),
    stem: z
      .enum(['cifar', 'imagenet'])
      .default('cifar')
      .describe(
        'cifar: 3x3 convolution, stride 1. imagenet: 7x7 with stride 2, then 3x3 max-pooling with stride 2.',
      ),
    batchNorm: batchNormField,
  })
  .describe('ResNeXt (Xie et al. 2017).')

type ResNeXtOptions = z.output<typeof options>

function blocksOf({ depth }: ResNeXtOptions): readonly number[] {
  switch (depth) {
    case 50:
    case 101:
    case 152:
      return bottleneckStages[depth]
    default: {
      const perStage = (depth - 2) / 9
      return [perStage, perStage, perStage]
    }
  }
}

export const resnext: Backbone<typeof options> = {
  name: 'resnext',
  title: 'ResNeXt',
  citation:
    'Xie, Girshick, Dollar, Tu, He. Aggregated Residual Transformations for Deep Neural Networks. CVPR 2017. arXiv:1611.05431',
  options,
  downSamples: true,
  batchNorm: (opts) => opts.batchNorm,
  attachPoints: (opts) => blockPoints(blocksOf(opts)).flat(),
  describe(opts, g) {
    const { cardinality, baseWidth, width } = opts
    const attachPoints = describeStages(g, {
      blocks: blocksOf(opts),
      stem: () => residualStem(g, opts.stem, width),
      block: (_, x, { stage, stride }) => {
        const stageWidth = width * 2 ** stage
        const groupWidth = Math.max(1, Math.floor((stageWidth * baseWidth) / 64))
        const inner = cardinality * groupWidth
        return bottleneckBlock(g, x, { inner, filters: 4 * stageWidth, stride, groups: cardinality })
      },
    })
    return { attachPoints }
  },
}
