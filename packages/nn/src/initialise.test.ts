import { describe, expect, it } from 'vitest'
import type { ParameterDescription, ParameterRole } from './describe/index.ts'
import { initialValues } from './initialise.ts'

function parameter(
  role: ParameterRole,
  shape: number[],
  name = 'stage1.block0.conv1.weight',
): ParameterDescription {
  return { name, node: 'stage1.block0.conv1', role, shape, trainable: true }
}

function moments(values: Float32Array) {
  const mean = values.reduce((a, b) => a + b) / values.length
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)
  return { mean, deviation }
}

describe('initialValues', () => {
  it('draws convolutions from a normal of standard deviation sqrt(2 / fan-out)', () => {
    const values = initialValues(parameter('kernel', [3, 3, 64, 128]), 1)
    const { mean, deviation } = moments(values)
    const expected = Math.sqrt(2 / (3 * 3 * 128))
    // 73,728 draws: the mean is within 5 standard errors, the deviation within 2 %.
    expect(Math.abs(mean)).toBeLessThan((5 * expected) / Math.sqrt(values.length))
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.02)
  })

  it('takes 9 as the fan-out of a 3x3 depthwise convolution', () => {
    const { deviation } = moments(initialValues(parameter('kernel', [3, 3, 4096, 1]), 1))
    expect(Math.abs(deviation / Math.sqrt(2 / 9) - 1)).toBeLessThan(0.02)
  })

  it('draws linear layers uniformly within 1 / sqrt(fan-in)', () => {
    const values = initialValues(parameter('kernel', [400, 100]), 1)
    const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
    expect(largest).toBeLessThanOrEqual(Math.fround(1 / 20))
    expect(largest).toBeGreaterThan(0.99 / 20)
    expect(Math.abs(moments(values).deviation * 20 * Math.sqrt(3) - 1)).toBeLessThan(0.02)
  })

  it('starts everything else at 0 or 1', () => {
    const first = (role: ParameterRole) => [...initialValues(parameter(role, [2]), 1)]
    expect(first('gamma')).toEqual([1, 1])
    expect(first('running-variance')).toEqual([1, 1])
    expect(first('bias')).toEqual([0, 0])
    expect(first('beta')).toEqual([0, 0])
    expect(first('running-mean')).toEqual([0, 0])
  })

  it('depends on the seed and the name, and on nothing else', () => {
    const shape = [3, 3, 2, 4]
    const values = initialValues(parameter('kernel', shape), 1)
    expect(initialValues(parameter('kernel', shape), 1)).toEqual(values)
    expect(initialValues(parameter('kernel', shape), 2)).not.toEqual(values)
    expect(initialValues(parameter('kernel', shape, 'head1.conv1.weight'), 1)).not.toEqual(values)
  })
})
