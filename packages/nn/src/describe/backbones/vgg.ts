/**
 * Very Deep Convolutional Networks for Large-Scale Image Recognition. K. Simonyan, A. Zisserman. ICLR 2015.
 * https://arxiv.org/abs/1409.1556
 *
 * Configurations A (11), B (13), D (16) and E (19) of table 1, with or without batch norm. Five stages of 3x3
 * convolutions; 2x2 max-pooling opens stages 2 to 5, so that an exit stands at a stage's full resolution.
 *
 * What differs, by `classifier`: `imagenet` is the paper's (a fifth pooling, two layers of 4096 with dropout), its
 * convolutions have biases. The CIFAR forms pool globally instead: `single` goes straight to the classes, `mlp` passes
 * two layers of 512 with dropout, as multi-exit papers have it (LOTH, ACM MM 2024); with batch norm their
 * convolutions have no biases. The feature vector is the pooled map there, and the second hidden layer in `imagenet`.
 */
import { z } from 'zod'
import { batchNormOptions, defaultBatchNorm } from '../batch-norm-options.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { type AttachPoint, type Backbone, type ExitFeatures, withStagesToCome } from './backbone.ts'

/** Convolutions of each stage. */
const stages = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
} as const

const options = z
  .strictObject({
    name: z.literal('vgg'),
    depth: z.literal([11, 13, 16, 19]).describe('Weight layers of the original configuration A, B, D or E.'),
    width: z
      .int()
      .min(1)
      .max(512)
      .default(64)
      .describe('Channels of the first stage; the next have 2, 4, 8 and 8 times as many.'),
    batchNorm: z
      .union([z.literal(false), batchNormOptions])
      .default(defaultBatchNorm)
      .describe('Batch normalisation after each convolution; false for the original, which has none.'),
    classifier: z
      .enum(['single', 'mlp', 'imagenet'])
      .default('single')
      .describe(
        'single: one linear layer. mlp: two hidden layers of 512. imagenet: two hidden layers of 4096.',
      ),
  })
  .describe('VGG (Simonyan and Zisserman 2015).')

type VggOptions = z.output<typeof options>

function pointNames({ depth }: VggOptions): string[][] {
  return stages[depth].map((count, stage) =>
    Array.from({ length: count }, (_, conv) =>
      conv === count - 1 ? `stage${stage + 1}` : `stage${stage + 1}.conv${conv}`,
    ),
  )
}

function hidden(g: GraphBuilder, id: number, input: string, units: number): string {
  return g.relu(`hidden${id}.relu`, g.add(`hidden${id}`, { kind: 'linear', units, bias: true }, input))
}

function drop(g: GraphBuilder, id: number, input: string): string {
  return g.add(`hidden${id}.dropout`, { kind: 'dropout', rate: 0.5 }, input)
}

function finish({ classifier }: VggOptions, g: GraphBuilder, node: string): ExitFeatures {
  if (classifier === 'imagenet') {
    const featureMap = g.add('maxpool', { kind: 'max-pool', size: 2, stride: 2, padding: 0 }, node)
    const flat = g.add('flatten', { kind: 'flatten' }, featureMap)
    const feature = hidden(g, 2, drop(g, 1, hidden(g, 1, flat, 4096)), 4096)
    return { featureMap, feature, beforeLogits: drop(g, 2, feature) }
  }
  const feature = g.add('pool', { kind: 'global-avg-pool' }, node)
  if (classifier === 'single') return { featureMap: node, feature, beforeLogits: feature }
  const beforeLogits = drop(g, 2, hidden(g, 2, drop(g, 1, hidden(g, 1, feature, 512)), 512))
  return { featureMap: node, feature, beforeLogits }
}

export const vgg: Backbone<typeof options> = {
  name: 'vgg',
  title: 'VGG',
  citation:
    'Simonyan, Zisserman. Very Deep Convolutional Networks for Large-Scale Image Recognition. ICLR 2015. arXiv:1409.1556',
  options,
  downSamples: true,
  batchNorm: (opts) => opts.batchNorm || undefined,
  attachPoints: (opts) => pointNames(opts).flat(),
  describe(opts, g) {
    const bias = opts.classifier === 'imagenet' || !opts.batchNorm
    const owner = { part: 'backbone', segment: 1 } as const
    const points: Omit<AttachPoint, 'stagesToCome'>[] = []
    let x = 'input'
    for (const [index, names] of pointNames(opts).entries()) {
      const stage = `stage${index + 1}`
      const filters = opts.width * Math.min(2 ** index, 8)
      g.within({ owner, stage, prefix: `${stage}.` }, () => {
        if (index > 0) x = g.add('pool', { kind: 'max-pool', size: 2, stride: 2, padding: 0 }, x)
        for (const [id, name] of names.entries()) {
          x = g.conv(`conv${id}`, x, { filters, kernel: 3, bias })
          if (opts.batchNorm) x = g.batchNorm(`bn${id}`, x)
          x = g.relu(`relu${id}`, x)
          points.push({ name, node: x, nodeCount: g.nodes.length })
        }
      })
    }
    return {
      attachPoints: withStagesToCome(points, g),
      finish: (builder, node) => finish(opts, builder, node),
    }
  },
}
