import { describe, expect, it } from 'vitest'
import { estimateCloudCost } from './cost.ts'

describe('estimateCloudCost', () => {
  it('follows from MACs, throughput and price, worked by hand', () => {
    // 5.832e15 MACs = 1.1664e16 FLOPs; at a fifth of 8.1 TFLOP/s that is 7,200 s, and 480 s to start.
    const [t4] = estimateCloudCost({ macsPerRun: 5.832e15, runs: 3 })
    expect(t4).toMatchObject({ instance: 'g4dn.xlarge', gpu: 'T4', throughput: 'assumed' })
    expect(t4?.secondsPerRun).toBeCloseTo(7680, 6)
    expect(t4?.gpuHours).toBeCloseTo(6.4, 9)
    expect(t4?.onDemandDollars).toBeCloseTo(6.4 * 0.526, 9)
    expect(t4?.spotDollars).toBeCloseTo(6.4 * 0.526 * 0.4, 9)
  })

  it('says which limit on a run it would pass, to the second', () => {
    // At 2 FLOP/s a MAC is a second, and 480 s are for the start.
    const limit = (seconds: number) =>
      estimateCloudCost({ macsPerRun: seconds - 480, runs: 1, flopPerSecond: 2 })[0]?.exceedsRunLimit
    expect(limit(10 * 3600)).toBeNull()
    expect(limit(10 * 3600 + 1)).toEqual({ stage: 'personal', hours: 10 })
    expect(limit(60 * 3600)).toEqual({ stage: 'personal', hours: 10 })
    expect(limit(60 * 3600 + 1)).toEqual({ stage: 'production', hours: 60 })
  })

  it('takes a measured throughput for every machine', () => {
    const costs = estimateCloudCost({ macsPerRun: 1e12, runs: 1, flopPerSecond: 1e10 })
    expect(costs.map(({ secondsPerRun, throughput }) => [secondsPerRun, throughput])).toEqual([
      [680, 'measured'],
      [680, 'measured'],
    ])
  })
})
