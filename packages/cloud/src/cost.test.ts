import { describe, expect, it } from 'vitest'
import { estimateCloudCost } from './cost.ts'

describe('estimateCloudCost', () => {
  it('follows from MACs, throughput and price, worked by hand', () => {
    // 21.816e15 MACs = 43.632e15 FLOPs; at a fifth of 30.3 TFLOP/s that is 7,200 s, and 480 s to start.
    const [l4] = estimateCloudCost({ macsPerRun: 21.816e15, runs: 3 })
    expect(l4).toMatchObject({ instance: 'g6.xlarge', gpu: 'L4', throughput: 'assumed', byDefault: true })
    expect(l4?.secondsPerRun).toBeCloseTo(7680, 6)
    expect(l4?.gpuHours).toBeCloseTo(6.4, 9)
    expect(l4?.onDemandDollars).toBeCloseTo(6.4 * 0.8048, 9)
    expect(l4?.spotDollars).toBeCloseTo(6.4 * 0.8048 * 0.4, 9)
  })

  it('charges for every GPU of a machine, also for those that have no run', () => {
    // At 2 FLOP/s a MAC is a second: each run takes an hour.
    const a100 = (runs: number) =>
      estimateCloudCost({ macsPerRun: 3120, runs, flopPerSecond: 2 }).find(({ gpu }) => gpu === 'A100')
    expect(a100(1)).toMatchObject({
      instance: 'p4d.24xlarge',
      gpus: 8,
      gpuHours: 1,
      onDemandDollars: 21.9576,
    })
    expect(a100(8)).toMatchObject({ gpuHours: 8, onDemandDollars: 21.9576 })
    expect(a100(9)).toMatchObject({ gpuHours: 9, onDemandDollars: 2 * 21.9576 })
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
    expect(costs.map(({ gpu }) => gpu)).toEqual(['L4', 'A10G', 'L40S', 'T4', 'H100', 'A100'])
    for (const { secondsPerRun, throughput } of costs)
      expect([secondsPerRun, throughput]).toEqual([680, 'measured'])
  })
})
