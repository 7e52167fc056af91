import '@tensorflow/tfjs-backend-cpu'
import '../gradients/register.ts'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { dropout } from './dropout.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function numbers(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()]
}

describe('dropout', () => {
  const draw = { seed: 3, stream: 'hidden1', step: 5 }

  it('drops about the share asked for and keeps the mean', () => {
    const kept = numbers(dropout(tf.ones([10_000]), 0.25, draw))
    expect(new Set(kept)).toEqual(new Set([0, Math.fround(1 / 0.75)]))
    const dropped = kept.filter((value) => value === 0).length
    // Five standard deviations of a binomial with 10,000 draws.
    expect(Math.abs(dropped - 2500)).toBeLessThan(5 * Math.sqrt(10_000 * 0.25 * 0.75))
  })

  it('draws the same mask for the same step and another for the next', () => {
    const mask = (step: number) => numbers(dropout(tf.ones([200]), 0.5, { ...draw, step }))
    expect(mask(5)).toEqual(mask(5))
    expect(mask(6)).not.toEqual(mask(5))
  })
})
