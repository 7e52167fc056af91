import { planSpec } from '@mate-bench/harness'
import { describe, expect, it } from 'vitest'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { estimateMemory, type MemoryEstimate } from './estimate-memory.ts'
import { formatPlan, planToJson } from './format/plan-text.ts'

/** 100 MB for the network and 1 MB an image. */
const step = (limitBytes?: number) => ({ bytes: (images: number) => 1e8 + 1e6 * images, limitBytes })

describe('estimateMemory', () => {
  it('holds a step to the backend’s own memory and to a run’s share of the machine’s', () => {
    expect(estimateMemory(step(4e9), 128, 1, 64e9)).toEqual({
      stepBytes: 228e6,
      limitBytes: 4e9,
      fits: true,
      largestBatchSize: 128,
    })
    expect(estimateMemory(step(4e9), 5400, 1, 64e9)).toMatchObject({ fits: false, largestBatchSize: 3900 })
    expect(estimateMemory(step(4e9), 128, 4, 0.8e9)).toEqual({
      stepBytes: 228e6,
      limitBytes: 0.2e9,
      fits: false,
      largestBatchSize: 100,
    })
    expect(estimateMemory(step(), 128, 1, 0.05e9)).toMatchObject({ fits: false, largestBatchSize: 0 })
    expect(estimateMemory(step(), 128, 1, 0.228e9).fits).toBe(true)
  })
})

describe('a plan', () => {
  const plan = planSpec(tinySpec())
  const time = (memory: MemoryEstimate) => ({
    backend: 'wasm',
    backendReason: 'asked for by name',
    measuredBatchSize: 16,
    secondsPerStep: 0.5,
    gflopPerSecond: 20,
    secondsPerRun: 30,
    secondsInAll: 60,
    workers: 1,
    memory,
  })
  const text = (memory: MemoryEstimate) => formatPlan(plan, time(memory), (_, plain) => plain)

  it('gives no time for a step that does not fit, and says which would', () => {
    const memory = estimateMemory(step(4e9), 5400, 1, 64e9)
    expect(text(memory)).toContain('time      none: a step does not fit into memory')
    expect(text(memory)).toContain(
      'memory    about 5.50 GB a step, more than the 4.00 GB that a run can have here with wasm: about 3,900 images a step fit: lower training.batchSize',
    )
    expect(planToJson(plan, time(memory)).time?.memory).toEqual(memory)
  })

  it('gives both for one that does', () => {
    const fitting = text(estimateMemory(step(4e9), 128, 1, 64e9))
    expect(fitting).toContain('time      about 30 s a run')
    expect(fitting).toContain('memory    about 228 MB a step')
  })
})
