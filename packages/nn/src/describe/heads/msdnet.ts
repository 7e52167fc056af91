/**
 * Multi-Scale Dense Networks for Resource Efficient Image Classification. G. Huang, D. Chen, T. Li, F. Wu,
 * L. van der Maaten, K. Weinberger. ICLR 2018. https://arxiv.org/abs/1703.09844
 *
 * MSDNet's classifier, the same at every exit: two 3x3 convolutions with stride 2, each with batch norm and ReLU,
 * 2x2 average pooling, and a linear layer over what is left. 128 channels on CIFAR; on ImageNet as many as come in.
 */
import { z } from 'zod'
import type { Head } from './head.ts'

const options = z
  .strictObject({
    name: z.literal('msdnet'),
    width: z
      .union([z.int().min(1).max(4096), z.literal('input')])
      .default(128)
      .describe(
        'Channels of the two convolutions, or "input" for as many as the exit takes in (the ImageNet form).',
      ),
  })
  .describe(
    "MSDNet's classifier: two 3x3 convolutions with stride 2, average pool, linear layer (Huang et al. 2018).",
  )

export const msdnetHead: Head<typeof options> = {
  name: 'msdnet',
  title: 'MSDNet classifier',
  citation:
    'Huang, Chen, Li, Wu, van der Maaten, Weinberger. Multi-Scale Dense Networks. ICLR 2018. arXiv:1703.09844',
  options,
  imitatesStages: false,
  describe(opts, g, place) {
    const filters = opts.width === 'input' ? g.map(place.input)[2] : opts.width
    let x = g.convBatchNormRelu(1, place.input, { filters, kernel: 3, stride: 2 })
    x = g.convBatchNormRelu(2, x, { filters, kernel: 3, stride: 2 })
    const pooled = g.add('pool', { kind: 'avg-pool', size: 2, stride: 2, padding: 0 }, x)
    const feature = g.add('flatten', { kind: 'flatten' }, pooled)
    return { featureMap: x, feature, beforeLogits: feature }
  },
}
