/**
 * Densely Connected Convolutional Networks. G. Huang, Z. Liu, L. van der Maaten, K. Weinberger. CVPR 2017.
 * https://arxiv.org/abs/1608.06993
 *
 * A layer is batch norm, ReLU and a 3x3 convolution to k channels (the growth rate) over the concatenation of all that
 * came before it in its block; in DenseNet-BC a 1x1 convolution to 4k channels, behind batch norm and ReLU too, comes
 * first. Between blocks a transition: batch norm, ReLU, 1x1 convolution (to half the channels in DenseNet-BC), 2x2
 * average pooling. Batch norm and ReLU end the network. Two forms, chosen by the depth L: three blocks of equally many
 * layers behind a 3x3 convolution to 16 channels, 2k in DenseNet-BC (section 3, CIFAR); and for 121, 161, 169, 201 the
 * four blocks of table 1 behind a convolution to 2k channels (ImageNet, always BC).
 *
 * Follows liuzhuang13/DenseNet, models/densenet.lua at 6d4c8da and models/DenseConnectLayer.lua at 90388f7, but for the stem of the
 * plain form (2k channels there, 16 in the paper), and pytorch/vision, torchvision/models/densenet.py at 01db3ba, where 161
 * has k = 48.
 *
 * What differs: an exit before the end begins with a batch norm and ReLU of its own, as the network's end does, since
 * what a block hands over is a bare concatenation. The head pays for it. With `stem` cifar the four-block form starts
 * with the 3x3 convolution alone, as implementations for CIFAR have it.
 */
import { z } from 'zod'
import { batchNormField } from '../batch-norm-options.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { type AttachPoint, activate, type Backbone, withStagesToCome } from './backbone.ts'

const fourBlockLayers = {
  121: [6, 12, 24, 16],
  161: [6, 12, 36, 24],
  169: [6, 12, 32, 32],
  201: [6, 12, 48, 32],
} as const

type FourBlockDepth = keyof typeof fourBlockLayers

const options = z
  .strictObject({
    name: z.literal('densenet'),
    depth: z
      .int()
      .min(10)
      .max(250)
      .describe(
        'L of DenseNet-L. 121, 161, 169, 201: four blocks, as on ImageNet. Others: three blocks of (L - 4) / 3 layers, or (L - 4) / 6 with bc.',
      ),
    growthRate: z
      .int()
      .min(1)
      .max(128)
      .optional()
      .describe('k: channels that a layer adds. Default 12; 32 with four blocks; 48 for 161.'),
    bc: z
      .boolean()
      .default(true)
      .describe('DenseNet-BC: a 1x1 convolution before each 3x3, and transitions that halve the channels.'),
    stem: z
      .enum(['cifar', 'imagenet'])
      .default('cifar')
      .describe(
        'cifar: 3x3 convolution, stride 1. imagenet: 7x7 with stride 2, then 3x3 max-pooling with stride 2.',
      ),
    batchNorm: batchNormField,
  })
  .refine(({ depth, bc }) => isFourBlock(depth) || (depth - 4) % (bc ? 6 : 3) === 0, {
    path: ['depth'],
    message: 'Three equal blocks need a depth of 3n + 4, with bc of 6n + 4 (such as 40, 100, 190)',
  })
  .refine(({ depth, bc }) => bc || !isFourBlock(depth), {
    path: ['bc'],
    message: 'The networks with four blocks (121, 161, 169, 201) are DenseNet-BC',
  })
  .describe('Densely connected network (Huang et al. 2017).')

type DenseNetOptions = z.output<typeof options>

function isFourBlock(depth: number): depth is FourBlockDepth {
  return depth in fourBlockLayers
}

function plan({ depth, growthRate, bc }: DenseNetOptions) {
  if (isFourBlock(depth)) {
    const growth = growthRate ?? (depth === 161 ? 48 : 32)
    return { layers: fourBlockLayers[depth], growth, stemFilters: 2 * growth }
  }
  const perBlock = (depth - 4) / (bc ? 6 : 3)
  const growth = growthRate ?? 12
  return { layers: [perBlock, perBlock, perBlock], growth, stemFilters: bc ? 2 * growth : 16 }
}

/** Names of the points after each layer, by stage (a dense block each); the last layer's point is the stage's own. */
function pointNames(layers: readonly number[]): string[][] {
  return layers.map((count, stage) =>
    Array.from({ length: count }, (_, layer) =>
      layer === count - 1 ? `stage${stage + 1}` : `stage${stage + 1}.layer${layer}`,
    ),
  )
}

function stem(g: GraphBuilder, form: DenseNetOptions['stem'], filters: number): string {
  if (form === 'cifar') return g.conv('conv', 'input', { filters, kernel: 3 })
  const x = g.convBatchNormRelu('', 'input', { filters, kernel: 7, stride: 2 })
  return g.add('pool', { kind: 'max-pool', size: 3, stride: 2, padding: 1 }, x)
}

/** Eq. 2: x and what H makes of it, side by side. */
function denseLayer(g: GraphBuilder, input: string, growth: number, bc: boolean): string {
  let x = g.batchNormRelu(1, input)
  if (bc) x = g.batchNormRelu(2, g.conv('conv1', x, { filters: 4 * growth, kernel: 1 }))
  const grown = g.conv(bc ? 'conv2' : 'conv1', x, { filters: growth, kernel: 3 })
  return g.add('concat', { kind: 'concat' }, input, grown)
}

function transition(g: GraphBuilder, input: string, bc: boolean): string {
  const channels = g.map(input)[2]
  const filters = bc ? Math.floor(channels / 2) : channels
  const x = g.conv('conv', g.batchNormRelu('', input), { filters, kernel: 1 })
  return g.add('pool', { kind: 'avg-pool', size: 2, stride: 2, padding: 0 }, x)
}

export const densenet: Backbone<typeof options> = {
  name: 'densenet',
  title: 'DenseNet',
  citation:
    'Huang, Liu, van der Maaten, Weinberger. Densely Connected Convolutional Networks. CVPR 2017. arXiv:1608.06993',
  options,
  downSamples: true,
  batchNorm: (opts) => opts.batchNorm,
  attachPoints: (opts) => pointNames(plan(opts).layers).flat(),
  describe(opts, g) {
    const { layers, growth, stemFilters } = plan(opts)
    const owner = { part: 'backbone', segment: 1 } as const
    let x = g.within({ owner, stage: 'stage1', prefix: 'stem.' }, () => stem(g, opts.stem, stemFilters))
    const points: Omit<AttachPoint, 'stagesToCome'>[] = []
    for (const [index, names] of pointNames(layers).entries()) {
      const stage = `stage${index + 1}`
      if (index > 0) {
        x = g.within({ owner, stage, prefix: `${stage}.transition.` }, () => transition(g, x, opts.bc))
      }
      for (const [layer, name] of names.entries()) {
        x = g.within({ owner, stage, prefix: `${stage}.layer${layer}.` }, () =>
          denseLayer(g, x, growth, opts.bc),
        )
        points.push({ name, node: x, nodeCount: g.nodes.length })
      }
    }
    return { attachPoints: withStagesToCome(points, g), beforeHead: activate }
  },
}
