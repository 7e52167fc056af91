/**
 * Global average pool and one linear layer at every exit: the plainest head, and the one of deeply supervised nets
 * (Lee, Xie, Gallagher, Zhang, Tu. AISTATS 2015. https://arxiv.org/abs/1409.5185).
 *
 * Features of different exits have different widths; methods that compare features project them in training.
 */
import { z } from 'zod'
import { type Head, poolToFeature } from './head.ts'

const options = z
  .strictObject({ name: z.literal('linear') })
  .describe('Global average pool and one linear layer.')

export const linear: Head<typeof options> = {
  name: 'linear',
  title: 'Linear',
  citation: 'Lee, Xie, Gallagher, Zhang, Tu. Deeply-Supervised Nets. AISTATS 2015. arXiv:1409.5185',
  options,
  imitatesStages: false,
  describe(_options, g, place) {
    return place.last ? place.finish(g, place.input) : poolToFeature(g, place.input)
  },
}
