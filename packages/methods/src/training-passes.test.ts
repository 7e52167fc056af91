import { describe, expect, test } from 'vitest'
import { describeNeeds, usualNeeds, usualRun } from './describe-needs.ts'
import { getMethod } from './registry.ts'
import { trainingPasses } from './training-passes.ts'

describe('trainingPasses', () => {
  // BAKE with 3 others of its class beside each image; a snapshot from a quarter of the run on.
  test.each([
    ['joint', 1, 0, []],
    ['tf-kd', 1, 0, []],
    ['cs-kd', 1, 1, ['a forward pass of another image of its class for each image']],
    ['ddgsd', 2, 0, ['a second view of each image']],
    ['bake', 4, 0, ['3 other images of its class beside each image']],
    ['ps-kd', 1, 0, ['a memory of every training image']],
    ['lwr', 1, 0, ['a memory of every training image']],
    ['snapshot', 1, 0.75, ['a frozen copy of the network']],
  ])(
    '%s takes %d with a gradient and %d without, for an image of an epoch',
    (name, withGradient, without, words) => {
      const needs = usualNeeds(getMethod(name))
      expect(trainingPasses(needs, usualRun.epochs)).toEqual({ withGradient, withoutGradient: without })
      expect(describeNeeds(needs)).toEqual(words)
    },
  )

  test('a copy that is never taken costs nothing', () => {
    expect(trainingPasses({ copy: { isTaken: () => false } }, 10)).toEqual({
      withGradient: 1,
      withoutGradient: 0,
    })
  })
})
