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

it('cyclic cosine begins anew in each cycle', () => {
  const found = factors({ name: 'cyclic-cosine', cycles: 2 }, [0, 25, 49, 50, 75, 99])
  const almost = 0.5 * (1 + Math.cos((49 / 50) * Math.PI))
  const expected = [1, 0.5, almost, 1, 0.5, almost]
  found.forEach((factor, i) => {
    expect(factor).toBeCloseTo(expected[i] ?? 0, 12)
  })
})

it('cycles of a cosine end with the nearest epoch, also where there are more cycles than epochs', () => {
  const restarts = (cycles: number, epochs: number) => {
    const steps = Array.from({ length: 10 * epochs }, (_, step) => step)
    const found = factors({ name: 'cyclic-cosine', cycles }, steps, 10, epochs)
    expect(found.every((factor) => factor > 0 && factor <= 1)).toBe(true)
    return steps.filter((step) => found[step] === 1).map((step) => step / 10)
  }
  expect(restarts(4, 5)).toEqual([0, 1, 3, 4])
  expect(restarts(4, 2)).toEqual([0, 1])
})

it.each([
  { name: 'multi-step', milestones: [9] },
  { name: 'cosine' },
  { name: 'cyclic-cosine', cycles: 2 },
  { name: 'constant' },
])('$name warms up linearly', (options) => {
  const steps = [0, 9, 19]
  const falls = options.name === 'cyclic-cosine' ? factors(options, steps) : [1, 1, 1]
  const expected = [1 / 20, 0.5, 1].map((share, i) => share * (falls[i] ?? 0))
  expect(factors({ ...options, warmupEpochs: 2 }, steps)).toEqual(expected)
})
