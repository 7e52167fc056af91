import type { RunEvent } from '@mate-bench/harness'
import { afterEvent, waitingRun } from '@mate-bench/worker'
import { describe, expect, it } from 'vitest'
import { formatRunLine } from './progress-text.ts'

const plain = (_: string, text: string) => text

const started: RunEvent = { type: 'started', runId: 'run_1', seed: 1, epochs: 4, stepsPerEpoch: 10 }
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

describe('afterEvent', () => {
  it('reckons the time left from the steps taken here', () => {
    const run = [
      { event: started, at: 0 },
      { event: step(0, 10), at: 20_000 },
    ].reduce((state, { event, at }) => afterEvent(state, event, at), waitingRun('a'))
    // 10 of 40 steps in 20 s: 60 s for the other 30.
    expect(run.secondsLeft).toBeCloseTo(60, 9)
  })

  it('does not count the steps that an earlier attempt took', () => {
    const resumed: RunEvent = { ...started, resumedAt: { epoch: 2, step: 5 } }
    const run = afterEvent(afterEvent(waitingRun('a'), resumed, 1000), step(2, 10), 11_000)
    // 5 steps in 10 s, 10 to go.
    expect(run.secondsLeft).toBeCloseTo(20, 9)
  })

  it('shows test accuracy once finished', () => {
    const finished: RunEvent = { type: 'finished', folder: 'f', top1: [0.7, 0.8], wallSeconds: 60 }
    const run = afterEvent(afterEvent(waitingRun('a'), started, 0), finished, 1)
    expect(formatRunLine(run, 3, plain)).toBe('a    ✓ finished  test top-1 70.0 / 80.0 %')
  })
})

describe('formatRunLine', () => {
  it('shows epoch, step, loss, accuracy of each exit, speed and time left', () => {
    const run = afterEvent(afterEvent(waitingRun('a'), started, 0), step(1, 4), 14_000)
    expect(formatRunLine(run, 1, plain)).toBe(
      'a  ████░░░░░░░░  epoch 2/4 step 4/10  loss 1.500  train 50.0 / 62.5 %  400 img/s  26 s left',
    )
  })
})
