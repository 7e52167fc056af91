import { describe, expect, it } from 'vitest'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { planSpec } from './plan.ts'
import { parseSpec } from './spec.ts'

const planOf = (method: object, training: object = {}) =>
  planSpec(tinySpec({ method, training: { ...tinySpec().training, ...training } }))

describe('what training takes', () => {
  const joint = planOf({ name: 'joint' })
  const { forwardMacs, splits } = joint

  it('is a forward pass an image for a method without needs, and three times that with the backward pass', () => {
    expect(joint.trainingMacsPerImage).toBe(forwardMacs)
    expect(joint.trainingMacsPerRun).toBe(3 * forwardMacs * splits.train * joint.spec.training.epochs)
    expect(joint.keptBytes).toBe(0)
  })

  it('counts views and partners with their backward pass, and a pass apart without', () => {
    const images = splits.train * joint.spec.training.epochs
    const bake = planOf({ name: 'bake', sameClass: 2 })
    expect(bake.trainingMacsPerImage).toBe(3 * forwardMacs)
    expect(bake.trainingMacsPerRun).toBe(9 * forwardMacs * images)
    const csKd = planOf({ name: 'cs-kd' })
    expect(csKd.trainingMacsPerImage).toBe(2 * forwardMacs)
    expect(csKd.trainingMacsPerRun).toBe(4 * forwardMacs * images)
    expect(planOf({ name: 'mate' }).trainingMacsPerImage).toBe(
      forwardMacs + planOf({ name: 'mate' }).methodMacs,
    )
  })

  it('counts a frozen copy from when it is there', () => {
    // Three epochs in two cycles: the copy is taken after the second.
    const plan = planOf({ name: 'snapshot', cycles: 2 }, { epochs: 3 })
    expect(plan.trainingMacsPerImage).toBe(Math.round((4 / 3) * forwardMacs))
  })

  it('reckons memory by the rows of a batch, and adds what the method keeps', () => {
    const rows = (plan: typeof joint) => plan.trainingBytes - plan.keptBytes
    const ddgsd = planOf({ name: 'ddgsd' })
    const twice = planOf({ name: 'joint' }, { batchSize: 2 * joint.spec.training.batchSize })
    expect(rows(ddgsd)).toBe(rows(twice))
    const psKd = planOf({ name: 'ps-kd' })
    // Three exits, ten classes, four bytes a number.
    expect(psKd.keptBytes).toBe(splits.train * 3 * 10 * 4)
    expect(rows(psKd)).toBe(rows(joint))
    expect(psKd.bytesPerRun - joint.bytesPerRun).toBe(3 * psKd.keptBytes)
  })
})

describe('a memory of images', () => {
  it('is refused where it would be larger than a checkpoint can hold', () => {
    const exits = [1, 2, 3].flatMap((stage) =>
      Array.from({ length: 18 }, (_, i) => ({ after: i < 17 ? `stage${stage}.block${i}` : `stage${stage}` })),
    )
    const large = {
      ...tinySpec(),
      dataset: { name: 'cifar100', validation: { size: 0 } },
      evaluation: { protocols: ['anytime'] },
      model: { backbone: { name: 'resnet', depth: 110, width: 16 }, exits, head: { name: 'linear' } },
      method: { name: 'lwr' },
    }
    expect(() => parseSpec(large)).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            path: 'method.name',
            message: expect.stringContaining('5400 numbers of each of 50000 images: 1.08 GB'),
          }),
        ],
      }),
    )
    expect(() => parseSpec({ ...large, method: { name: 'joint' } })).not.toThrow()
  })
})
