import { assumedSpotShare, instances } from './instance-prices.ts'

/**
 * Peak single-precision throughput without TF32, which runs leave off unless they are asked: from NVIDIA's data sheets, of
 * the A10 for the A10G, which is the cloud's form of it, of the SXM forms of A100 and H100.
 */
export const peakFlopPerSecond = {
  L4: 30.3e12,
  A10G: 31.2e12,
  L40S: 91.6e12,
  T4: 8.1e12,
  H100: 67e12,
  A100: 19.5e12,
} as const

/**
 * Share of the peak that training reaches. Assumed, the same for every GPU: nets for images of 32 pixels leave a GPU
 * waiting for small kernels, the more the faster it is. No run on a GPU stands behind it; `--gflops` puts a measured
 * number in its place.
 */
export const assumedShareOfPeak = 0.2

/** A machine starts, pulls an image of several gigabytes and loads data before it trains. Assumed. */
export const assumedStartSeconds = 480

/**
 * What a run may take in all: five attempts, each as long as the stage lets it. `infra/stage.ts` has the same numbers; a
 * test of the infrastructure compares them.
 */
export const runLimitHours = { production: 60, personal: 10 } as const

export interface CloudWork {
  /** Forward and backward passes over all epochs, and evaluation. */
  readonly macsPerRun: number
  readonly runs: number
  /** Measured throughput, instead of the assumed one. FLOPs are two a MAC. */
  readonly flopPerSecond?: number | undefined
}

export interface CloudCost {
  readonly instance: string
  readonly gpu: string
  /** Of one machine. */
  readonly gpus: number
  /** Whether the job queue starts it without being told to. */
  readonly byDefault: boolean
  /** What the estimate rests on. */
  readonly throughput: 'measured' | 'assumed'
  readonly flopPerSecond: number
  readonly secondsPerRun: number
  /** All runs, starts included. */
  readonly gpuHours: number
  readonly spotDollars: number
  readonly onDemandDollars: number
  /**
   * The limit that a run would pass on this machine: `production` where it would pass that of every stage, `personal`
   * where production leaves it time. Null for neither.
   */
  readonly exceedsRunLimit: {
    readonly stage: keyof typeof runLimitHours
    readonly hours: number
  } | null
}

/** What training would take and cost on each kind of machine, one run a GPU. Retries are left out. */
export function estimateCloudCost({ macsPerRun, runs, flopPerSecond }: CloudWork): CloudCost[] {
  return instances.map(({ name, gpu, gpus, byDefault, onDemandDollarsPerHour }) => {
    const speed = flopPerSecond ?? peakFlopPerSecond[gpu] * assumedShareOfPeak
    const secondsPerRun = assumedStartSeconds + (2 * macsPerRun) / speed
    const gpuHours = (secondsPerRun * runs) / 3600
    // A machine is paid for whole, however many of its GPUs train.
    const machineHours = (Math.ceil(runs / gpus) * secondsPerRun) / 3600
    const onDemandDollars = machineHours * onDemandDollarsPerHour
    return {
      instance: name,
      gpu,
      gpus,
      byDefault,
      throughput: flopPerSecond === undefined ? 'assumed' : 'measured',
      flopPerSecond: speed,
      secondsPerRun,
      gpuHours,
      spotDollars: onDemandDollars * assumedSpotShare,
      onDemandDollars,
      exceedsRunLimit: exceededLimit(secondsPerRun),
    }
  })
}

function exceededLimit(secondsPerRun: number): CloudCost['exceedsRunLimit'] {
  for (const stage of ['production', 'personal'] as const) {
    const hours = runLimitHours[stage]
    if (secondsPerRun > hours * 3600) return { stage, hours }
  }
  return null
}
