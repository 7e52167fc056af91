/**
 * Be Your Own Teacher: Improve the Performance of Convolutional Neural Networks via Self Distillation.
 * L. Zhang, J. Song, A. Gao, J. Chen, C. Bao, K. Ma. ICCV 2019. https://arxiv.org/abs/1905.08094
 *
 * One bottleneck: 1x1 convolution to a quarter of the last stage's width, k x k with stride k, where k is 2 to the
 * number of stages left out, 1x1 to the last stage's width; each with bias, batch norm and ReLU. Then global average
 * pool and a linear layer.
 *
 * The authors' conference code was never released and the paper leaves the block's sizes open; these are the ones of
 * the implementation that later papers compare with (github.com/luanyunteng/pytorch-be-your-own-teacher). Maps that
 * k does not divide are padded so that the head still ends at the last stage's size.
 */
import { z } from 'zod'
import { type Head, paddingTowards, poolToFeature } from './head.ts'

const options = z
  .strictObject({ name: z.literal('byot') })
  .describe('One 1x1, k x k (stride k), 1x1 bottleneck to the last stage (Zhang et al. 2019).')

export const byot: Head<typeof options> = {
  name: 'byot',
  title: 'BYOT bottleneck',
  citation: 'Zhang, Song, Gao, Chen, Bao, Ma. Be Your Own Teacher. ICCV 2019. arXiv:1905.08094',
  options,
  imitatesStages: true,
  describe(_options, g, place) {
    if (place.last) return place.finish(g, place.input)
    const target = place.stagesToCome.at(-1)
    if (!target) return poolToFeature(g, place.input)
    const kernel = 2 ** place.stagesToCome.length
    const inner = Math.max(1, Math.floor(target[2] / 4))
    const padding = paddingTowards(g.map(place.input), target, { kernel, stride: kernel, usual: 0 })
    let x = g.convBatchNormRelu(1, place.input, { filters: inner, kernel: 1, bias: true })
    x = g.convBatchNormRelu(2, x, { filters: inner, kernel, stride: kernel, padding, bias: true })
    x = g.convBatchNormRelu(3, x, { filters: target[2], kernel: 1, bias: true })
    return poolToFeature(g, x)
  },
}
