import type { RunEvent } from '@mate-bench/harness'
import { describe, expect, it } from 'vitest'
import { formatEventLine } from './event-line.ts'

const step = (epoch: number, at: number): RunEvent => ({
  type: 'step',
  epoch,
  step: at,
  loss: 1.5,
  top1: [0.5, 0.625],
  learningRate: 0.1,
  imagesPerSecond: 400,
  tensors: 100,
})

describe('formatEventLine', () => {
  it('has no line for a single step', () => {
    expect(formatEventLine('a', step(0, 1))).toBeUndefined()
  })

  it('has one for an epoch', () => {
    const epoch: RunEvent = {
      type: 'epoch',
      epoch: 2,
      loss: 1.25,
      trainTop1: [0.5],
      validationTop1: [0.4],
      wallSeconds: 61,
    }
    expect(formatEventLine('a', epoch)).toBe(
      'a: epoch 2, loss 1.250, train top-1 50.0 %, validation top-1 40.0 %, 1 min 1 s',
    )
  })
})
