import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultRampUpEpochs, rampUp } from './ramp-up.ts'

test('starts at exp(-5), passes exp(-5/4) half-way, and stays at 1 from the end on', () => {
  expect(rampUp(0, 80)).toBeCloseTo(Math.exp(-5), 12)
  expect(rampUp(40, 80)).toBeCloseTo(Math.exp(-5 / 4), 12)
  expect(rampUp(80, 80)).toBe(1)
  expect(rampUp(299, 80)).toBe(1)
})

test('zero epochs mean no ramp', () => {
  expect(rampUp(0, 0)).toBe(1)
})

test('takes 80 of 300 epochs unless told otherwise', () => {
  expect(defaultRampUpEpochs(300)).toBe(80)
})

test('never falls', () => {
  const epoch = fc.double({ min: 0, max: 400, noNaN: true })
  fc.assert(
    fc.property(epoch, epoch, fc.integer({ min: 0, max: 300 }), (a, b, length) => {
      expect(rampUp(Math.max(a, b), length)).toBeGreaterThanOrEqual(rampUp(Math.min(a, b), length))
    }),
    { seed: 1 },
  )
})
