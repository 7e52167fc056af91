import { expect, it } from 'vitest'
import { scheduleFactor, scheduleOptions } from './registry.ts'

const factors = (options: unknown, steps: number[], stepsPerEpoch = 10, epochs = 10) =>
  steps.map((step) => scheduleFactor(scheduleOptions.parse(options), { step, stepsPerEpoch, epochs }))

it('multi-step drops at the start of each milestone epoch', () => {
  const found = factors({ name: 'multi-step', milestones: [5, 8] }, [0, 49, 50, 79, 80, 99])
  const expected = [1, 1, 0.1, 0.1, 0.01, 0.01]
  found.forEach((factor, i) => {
    expect(factor).toBeCloseTo(expected[i] ?? 0, 12)
  })
})

it('refuses milestones that do not grow', () => {
  const parsed = scheduleOptions.safeParse({ name: 'multi-step', milestones: [8, 5] })
  expect(parsed.success).toBe(false)
})

it('cosine goes from one to almost zero and is a half in the middle', () => {
  const [first, middle, last] = factors({ name: 'cosine' }, [0, 50, 99])
  expect(first).toBe(1)
  expect(middle).toBeCloseTo(0.5, 12)
  expect(last).toBeCloseTo(0.5 * (1 + Math.cos(0.99 * Math.PI)), 12)
})

it.each([{ name: 'multi-step', milestones: [9] }, { name: 'cosine' }, { name: 'constant' }])(
  '$name warms up linearly',
  (options) => {
    expect(factors({ ...options, warmupEpochs: 2 }, [0, 9, 19])).toEqual([1 / 20, 0.5, 1])
  },
)
