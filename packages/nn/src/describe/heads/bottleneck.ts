/**
 * Rethinking Online Knowledge Distillation with Multi-Exits. H. Lee, J.-S. Lee. ACCV 2022 (BEED).
 * pp. 2289-2305. Authors' code: https://github.com/hjdw2/BEED
 * The same block is the "Bottle" head of LOTH (Wang, Hao, Wu, Bai. ACM MM 2024).
 *
 * For each stage that the exit leaves out: 1x1, 3x3 with stride 2, 1x1 convolution, all as wide as that stage, each
 * with batch norm and ReLU. Then global average pool and a linear layer. With `factor` above 1 the two inner
 * convolutions are narrower by it, as a bottleneck usually is; the published heads have 1.
 */
import { z } from 'zod'
import { type Head, paddingTowards, poolToFeature } from './head.ts'

const options = z
  .strictObject({
    name: z.literal('bottleneck'),
    factor: z
      .int()
      .min(1)
      .max(16)
      .default(1)
      .describe("How many times narrower than the stage the block's inner convolutions are."),
  })
  .describe('One 1x1, 3x3 (stride 2), 1x1 block for each stage left out (Lee and Lee 2022).')

export const bottleneck: Head<typeof options> = {
  name: 'bottleneck',
  title: 'BEED bottleneck',
  citation: 'Lee, Lee. Rethinking Online Knowledge Distillation with Multi-Exits. ACCV 2022, pp. 2289-2305',
  options,
  imitatesStages: true,
  describe({ factor }, g, place) {
    if (place.last) return place.finish(g, place.input)
    let x = place.input
    for (const [index, target] of place.stagesToCome.entries()) {
      const block = `block${index + 1}.`
      const inner = Math.max(1, Math.floor(target[2] / factor))
      const padding = paddingTowards(g.map(x), target, { kernel: 3, stride: 2, usual: 1 })
      x = g.convBatchNormRelu(1, x, { filters: inner, kernel: 1 }, block)
      x = g.convBatchNormRelu(2, x, { filters: inner, kernel: 3, stride: 2, padding }, block)
      x = g.convBatchNormRelu(3, x, { filters: target[2], kernel: 1 }, block)
    }
    return poolToFeature(g, x)
  },
}
