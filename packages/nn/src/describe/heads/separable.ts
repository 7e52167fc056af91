/**
 * Self-Distillation: Towards Efficient and Compact Neural Networks. L. Zhang, C. Bao, K. Ma. TPAMI 2021 ("ECSD").
 * https://doi.org/10.1109/TPAMI.2021.3067100
 *
 * An attention gate, then one block for each stage that the exit leaves out (within the last stage: neither). A block
 * is two depthwise-separable convolutions, 3x3 depthwise (stride 2 in the first) and 1x1, with batch norm and ReLU
 * after each 1x1; the first keeps the width, the second goes to the stage's. The gate is such a block at the width of
 * its input, one more batch norm and ReLU (as in the authors' code), brought back to size bilinearly, through a
 * sigmoid, times the input. Then global average pool and a linear layer.
 *
 * What differs: the gate is brought back to its input's exact size, so odd maps work; the original doubles it.
 */
import { z } from 'zod'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Padding } from '../network.ts'
import { type Head, paddingTowards, poolToFeature } from './head.ts'

const options = z
  .strictObject({
    name: z.literal('separable'),
    attention: z.boolean().default(true).describe('Gate the feature map before the convolutions.'),
  })
  .describe(
    'Depthwise-separable convolutions for each stage left out, after an attention gate (Zhang et al. 2021).',
  )

interface BlockOptions {
  prefix: string
  filters: number
  padding: Padding
}

function separableBlock(g: GraphBuilder, input: string, { prefix, filters, padding }: BlockOptions): string {
  const width = g.map(input)[2]
  let x = g.depthwiseConv(`${prefix}depthwise1`, input, { kernel: 3, stride: 2, padding })
  x = g.convBatchNormRelu(1, x, { filters: width, kernel: 1 }, prefix)
  x = g.depthwiseConv(`${prefix}depthwise2`, x, { kernel: 3 })
  return g.convBatchNormRelu(2, x, { filters, kernel: 1 }, prefix)
}

function attentionGate(g: GraphBuilder, input: string): string {
  const [height, width, channels] = g.map(input)
  let x = separableBlock(g, input, { prefix: 'attention.', filters: channels, padding: 1 })
  x = g.relu('attention.relu3', g.batchNorm('attention.bn3', x))
  x = g.add('attention.upsample', { kind: 'upsample', height, width }, x)
  x = g.add('attention.sigmoid', { kind: 'sigmoid' }, x)
  return g.add('attention.gated', { kind: 'multiply' }, x, input)
}

export const separable: Head<typeof options> = {
  name: 'separable',
  title: 'ECSD separable',
  citation: 'Zhang, Bao, Ma. Self-Distillation: Towards Efficient and Compact Neural Networks. TPAMI 2021',
  options,
  imitatesStages: true,
  describe({ attention }, g, place) {
    if (place.last) return place.finish(g, place.input)
    let x = attention && place.stagesToCome.length > 0 ? attentionGate(g, place.input) : place.input
    for (const [index, target] of place.stagesToCome.entries()) {
      const padding = paddingTowards(g.map(x), target, { kernel: 3, stride: 2, usual: 1 })
      x = separableBlock(g, x, { prefix: `block${index + 1}.`, filters: target[2], padding })
    }
    return poolToFeature(g, x)
  },
}
