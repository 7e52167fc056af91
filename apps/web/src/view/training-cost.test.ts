import { syntheticRun, syntheticSpec } from '@mate-bench/harness/testing'
import { getMethod } from '@mate-bench/methods'
import { describe, expect, it } from 'vitest'
import { methodCostText, trainingCostText } from './training-cost.ts'

describe('what training takes, in words', () => {
  it.each([
    ['tf-kd', 'In training each image takes one forward and one backward pass an epoch.'],
    [
      'cs-kd',
      'In training each image takes 2 forward passes and 1 backward pass an epoch (a forward pass of another image of its class for each image).',
    ],
    [
      'bake',
      'In training each image takes 4 forward passes and 4 backward passes an epoch (3 other images of its class beside each image).',
    ],
    [
      'snapshot',
      'In training each image takes 1.75 forward passes and 1 backward pass an epoch (a frozen copy of the network).',
    ],
  ])('%s', (name, text) => {
    expect(methodCostText(getMethod(name))).toBe(text)
  })

  it('sets a run’s forward passes beside one of its network, where its manifest counts them', () => {
    const { manifest } = syntheticRun({ spec: syntheticSpec('one'), seed: 1, top1: [0.7, 0.8, 0.9] })
    const forward = manifest.model.exits.at(-1)?.sequentialMacs ?? 0
    const of = (trainingMacsPerImage?: number) => {
      const { trainingMacsPerImage: _, ...training } = manifest.training
      const counted = trainingMacsPerImage === undefined ? {} : { trainingMacsPerImage }
      return trainingCostText({ ...manifest, training: { ...training, ...counted } })
    }
    expect(of(2 * forward)).toMatch(/ MACs an image, 2 times a forward pass of the network$/)
    expect(of(forward)).toMatch(/ MACs an image, one forward pass of the network$/)
    expect(of()).toBeUndefined()
  })
})
