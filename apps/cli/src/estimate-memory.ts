import { totalmem } from 'node:os'
import type { StepMemory } from '@mate-bench/harness/measure-memory'

export interface MemoryEstimate {
  /** Of one run, at the fullest moment of a step. */
  readonly stepBytes: number
  /** What one run can have: the backend's memory, or its share of the machine's. */
  readonly limitBytes: number
  readonly fits: boolean
  /** Images of the largest step that fits; 0 where the network alone is too large. */
  readonly largestBatchSize: number
}

/**
 * @param runs at a time
 * @param machineBytes of memory
 */
export function estimateMemory(
  { bytes, limitBytes = Number.POSITIVE_INFINITY }: StepMemory,
  batchSize: number,
  runs: number,
  machineBytes = totalmem(),
): MemoryEstimate {
  const limit = Math.min(limitBytes, machineBytes / runs)
  // The most images that fit: by halving, since more images never take less.
  let [fit, tooMany] = [0, batchSize + 1]
  while (tooMany - fit > 1) {
    const middle = Math.floor((fit + tooMany) / 2)
    if (bytes(middle) <= limit) fit = middle
    else tooMany = middle
  }
  return {
    stepBytes: Math.round(bytes(batchSize)),
    limitBytes: Math.round(limit),
    fits: fit === batchSize,
    largestBatchSize: fit,
  }
}
