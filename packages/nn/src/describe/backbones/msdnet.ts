/**
 * Multi-Scale Dense Networks for Resource Efficient Image Classification. G. Huang, D. Chen, T. Li, F. Wu,
 * L. van der Maaten, K. Weinberger. ICLR 2018. https://arxiv.org/abs/1703.09844
 *
 * Dense layers at several resolutions at once, finest first. A layer's output at scale s is the concatenation of its
 * input at s, a strided convolution of its input at s - 1 and a convolution of its input at s (section 4). Finer scales
 * are dropped as depth grows and a 1x1 transition follows each drop (network reduction). Exits stand after blocks, on
 * the coarsest scale. Options follow the authors' PyTorch release (github.com/kalviny/MSDNet-PyTorch).
 *
 * Published configurations (`base`, `step`, `stepMode`, `nBlocks`; all prune "max", reduction 0.5):
 *   CIFAR-100 anytime    7 blocks, base 4, step 2, even, growthRate 16, nChannels 16
 *   CIFAR-100 budgeted   5 blocks, base 1, step 1, lin_grow, growthRate 6, nChannels 16
 *   ImageNet             5 blocks, base and step 4 or 7, even, growthRate 16, nChannels 32, factors 1-2-4-4
 *
 * What differs: scales that no exit reads are left out (describeNetwork), which the release computes and counts. There are none in
 * the configurations above, but in some with other numbers of layers, such as four scales over five; `leftOutCosts` says
 * what they would add.
 */
import { z } from 'zod'
import { batchNormField } from '../batch-norm-options.ts'
import type { ConvOptions, GraphBuilder } from '../graph-builder.ts'
import type { AttachPoint, Backbone } from './backbone.ts'

/** Ten times the deepest published one; describing a network takes time with the square of its layers. */
const maximumLayers = 512

const factors = z.array(z.int().min(1).max(64)).min(1).max(6)

const options = z
  .strictObject({
    name: z.literal('msdnet'),
    nBlocks: z.int().min(1).max(32).default(7).describe('Blocks; an exit can attach after each.'),
    nChannels: z
      .int()
      .min(1)
      .max(512)
      .default(16)
      .describe('Channels of the first layer, times grFactor at each scale.'),
    base: z.int().min(1).max(64).default(4).describe('Layers of the first block.'),
    step: z.int().min(1).max(64).default(2).describe('Layers of each later block (see stepMode).'),
    stepMode: z
      .enum(['even', 'lin_grow'])
      .default('even')
      .describe('even: step layers per block. lin_grow: block i has step * (i - 1) + 1.'),
    growthRate: z
      .int()
      .min(1)
      .max(512)
      .default(16)
      .describe('New channels per layer, times grFactor at each scale.'),
    grFactor: factors
      .default([1, 2, 4])
      .describe('Width factor of each scale, finest first; its length is the number of scales.'),
    bnFactor: factors
      .default([1, 2, 4])
      .describe('Widest bottleneck of each scale, in multiples of the output.'),
    bottleneck: z.boolean().default(true).describe('A 1x1 convolution before each 3x3.'),
    prune: z
      .enum(['max', 'min'])
      .default('max')
      .describe('max: finer scales are dropped at even intervals. min: only near the end.'),
    reduction: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Share of the channels that a transition keeps; 0 for no transitions.'),
    stem: z
      .enum(['cifar', 'imagenet'])
      .default('cifar')
      .describe(
        'cifar: 3x3 convolution, stride 1. imagenet: 7x7 with stride 2, then 3x3 max-pooling with stride 2.',
      ),
    batchNorm: batchNormField,
  })
  .refine((opts) => opts.grFactor.length === opts.bnFactor.length, {
    path: ['bnFactor'],
    message: 'grFactor and bnFactor must have one number a scale, so equally many',
  })
  .refine((opts) => opts.grFactor.slice(1).every((factor) => (opts.growthRate * factor) % 2 === 0), {
    path: ['growthRate'],
    message:
      'growthRate times the factor of every scale but the finest must be even: half comes from either side',
  })
  .refine((opts) => layersPerBlock(opts).reduce((sum, layers) => sum + layers, 0) <= maximumLayers, {
    path: ['step'],
    message: `All blocks together may have at most ${maximumLayers} layers`,
  })
  .describe('Multi-scale dense network (Huang et al. 2018).')

type MsdNetOptions = z.output<typeof options>

/** Feature maps of the scales that are still alive, finest first, and the finest one's index among all scales. */
interface Scales {
  maps: string[]
  offset: number
  /** Channels of a scale whose factor is 1. */
  channels: number
}

interface BlockOptions {
  readonly nBlocks: number
  readonly base: number
  readonly step: number
  readonly stepMode: 'even' | 'lin_grow'
}

/** Layers of each block. */
function layersPerBlock({ nBlocks, base, step, stepMode }: BlockOptions): number[] {
  return Array.from({ length: nBlocks }, (_, block) => {
    if (block === 0) return base
    return stepMode === 'even' ? step : step * block + 1
  })
}

/** How many scales are alive after a layer (1-based) of `total`. */
function scalesAfter({ prune, grFactor }: MsdNetOptions, layer: number, total: number): number {
  const all = grFactor.length
  if (prune === 'min') return Math.min(all, total - layer + 1)
  return all - Math.floor(Math.max(0, layer - 1) / Math.ceil(total / all))
}

/** Whether a transition follows a layer (1-based) of `total`. */
function hasTransition(opts: MsdNetOptions, layer: number, total: number): boolean {
  if (opts.reduction === 0) return false
  if (opts.prune === 'max') return scalesAfter(opts, layer - 1, total) > scalesAfter(opts, layer, total)
  return layer === Math.floor(total / 3) || layer === Math.floor((2 * total) / 3)
}

function firstLayer(opts: MsdNetOptions, g: GraphBuilder): Scales {
  const maps: string[] = []
  for (const [scale, factor] of opts.grFactor.entries()) {
    const filters = opts.nChannels * factor
    const prefix = `scale${scale + 1}.`
    const previous = maps.at(-1)
    if (previous) maps.push(g.convBatchNormRelu('', previous, { filters, kernel: 3, stride: 2 }, prefix))
    else if (opts.stem === 'cifar')
      maps.push(g.convBatchNormRelu('', 'input', { filters, kernel: 3 }, prefix))
    else {
      const x = g.convBatchNormRelu('', 'input', { filters, kernel: 7, stride: 2, bias: true }, prefix)
      maps.push(g.add(`${prefix}pool`, { kind: 'max-pool', size: 3, stride: 2, padding: 1 }, x))
    }
  }
  return { maps, offset: 0, channels: opts.nChannels }
}

/** A 3x3 convolution behind its bottleneck, which is never wider than its input. */
function denseConv(
  g: GraphBuilder,
  input: string,
  conv: Pick<ConvOptions, 'filters' | 'stride'> & { prefix: string; bottleneck: number | undefined },
): string {
  const { prefix, bottleneck, ...rest } = conv
  if (bottleneck === undefined) return g.convBatchNormRelu(2, input, { kernel: 3, ...rest }, prefix)
  const inner = Math.min(g.map(input)[2], bottleneck * conv.filters)
  const x = g.convBatchNormRelu(1, input, { filters: inner, kernel: 1 }, prefix)
  return g.convBatchNormRelu(2, x, { kernel: 3, ...rest }, prefix)
}

/** One layer over all scales that are alive after it. */
function denseLayer(opts: MsdNetOptions, g: GraphBuilder, scales: Scales, alive: number): Scales {
  const { grFactor, bnFactor, growthRate } = opts
  const widest = (scale: number) => (opts.bottleneck ? bnFactor[scale] : undefined)
  const offset = grFactor.length - alive
  const maps = Array.from({ length: alive }, (_, index) => {
    const scale = offset + index
    const same = scales.maps[scale - scales.offset]
    const finer = scales.maps[scale - scales.offset - 1]
    if (!same) throw new RangeError(`scale ${scale + 1} is not there`)
    const growth = growthRate * (grFactor[scale] ?? 1)
    const prefix = `scale${scale + 1}.`
    const normal = { prefix: `${prefix}normal.`, bottleneck: widest(scale) }
    if (!finer) {
      const grown = denseConv(g, same, { ...normal, filters: growth })
      return g.add(`${prefix}concat`, { kind: 'concat' }, same, grown)
    }
    const fromFiner = {
      prefix: `${prefix}down.`,
      bottleneck: widest(scale - 1),
      filters: growth / 2,
      stride: 2,
    }
    const down = denseConv(g, finer, fromFiner)
    const grown = denseConv(g, same, { ...normal, filters: growth / 2 })
    return g.add(`${prefix}concat`, { kind: 'concat' }, same, down, grown)
  })
  return { maps, offset, channels: scales.channels + growthRate }
}

function transition({ grFactor, reduction }: MsdNetOptions, g: GraphBuilder, scales: Scales): Scales {
  const channels = Math.max(1, Math.floor(reduction * scales.channels))
  const maps = scales.maps.map((map, index) => {
    const scale = scales.offset + index
    const filters = channels * (grFactor[scale] ?? 1)
    return g.convBatchNormRelu('', map, { filters, kernel: 1 }, `scale${scale + 1}.transition.`)
  })
  return { ...scales, maps, channels }
}

export const msdnet: Backbone<typeof options> = {
  name: 'msdnet',
  title: 'MSDNet',
  citation:
    'Huang, Chen, Li, Wu, van der Maaten, Weinberger. Multi-Scale Dense Networks. ICLR 2018. arXiv:1703.09844',
  options,
  downSamples: false,
  batchNorm: (opts) => opts.batchNorm,
  attachPoints: (opts) => Array.from({ length: opts.nBlocks }, (_, block) => `block${block + 1}`),
  describe(opts, g) {
    const owner = { part: 'backbone', segment: 1 } as const
    const perBlock = layersPerBlock(opts)
    const total = perBlock.reduce((sum, layers) => sum + layers, 0)
    let scales = g.within({ owner, stage: 'block1', prefix: 'stem.' }, () => firstLayer(opts, g))
    const attachPoints: AttachPoint[] = []
    let layer = 0
    for (const [index, layers] of perBlock.entries()) {
      const stage = `block${index + 1}`
      for (let inBlock = 0; inBlock < layers; inBlock++) {
        layer++
        g.within({ owner, stage, prefix: `${stage}.layer${inBlock}.` }, () => {
          scales = denseLayer(opts, g, scales, scalesAfter(opts, layer, total))
          if (hasTransition(opts, layer, total)) scales = transition(opts, g, scales)
        })
      }
      const coarsest = scales.maps.at(-1)
      if (!coarsest) throw new RangeError(`${stage} has no scale left`)
      attachPoints.push({ name: stage, node: coarsest, nodeCount: g.nodes.length, stagesToCome: [] })
    }
    return { attachPoints }
  },
}
