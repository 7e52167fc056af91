/**
 * Students are the Best Teacher: Exit-Ensemble Distillation with Multi-Exits. H. Lee, J.-S. Lee. 2021.
 * https://arxiv.org/abs/2104.00299
 *
 * For each stage that the exit leaves out, one 3x3 convolution with stride 2 to that stage's width, with batch norm;
 * ReLU before each convolution (the first one is left out here: what a backbone hands over is not negative already).
 * Then global average pool and a linear layer. The feature map is the last batch norm's output, without ReLU.
 */
import { z } from 'zod'
import { type Head, paddingTowards, poolToFeature } from './head.ts'

const options = z
  .strictObject({ name: z.literal('eed') })
  .describe('One 3x3 convolution with stride 2 for each stage left out (Lee and Lee 2021).')

export const eed: Head<typeof options> = {
  name: 'eed',
  title: 'EED stack',
  citation: 'Lee, Lee. Students are the Best Teacher: Exit-Ensemble Distillation. 2021. arXiv:2104.00299',
  options,
  imitatesStages: true,
  describe(_options, g, place) {
    if (place.last) return place.finish(g, place.input)
    let x = place.input
    for (const [index, target] of place.stagesToCome.entries()) {
      if (index > 0) x = g.relu(`relu${index}`, x)
      const padding = paddingTowards(g.map(x), target, { kernel: 3, stride: 2, usual: 1 })
      x = g.conv(`conv${index + 1}`, x, { filters: target[2], kernel: 3, stride: 2, padding })
      x = g.batchNorm(`bn${index + 1}`, x)
    }
    return poolToFeature(g, x)
  },
}
