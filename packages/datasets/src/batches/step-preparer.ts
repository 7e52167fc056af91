import type { Batch } from '../dataset.ts'
import { type BatchMemory, type BatchPreparerOptions, createBatchPreparer } from './batch-preparer.ts'
import { epochOrder } from './epoch-order.ts'
import { createPartnerDraw, type RowOptions } from './partner-draw.ts'

export interface StepPreparerOptions extends Omit<BatchPreparerOptions, 'views' | 'partners'>, RowOptions {
  /** The training split. */
  readonly indices: Uint32Array
  readonly batchSize: number
  readonly seed: number
}

/** Prepares the batch of a step, 0-based in its epoch: what the loader does, wherever it does it. */
export type PrepareStep = (epoch: number, step: number, memory?: BatchMemory) => Batch

export function createStepPreparer(opts: StepPreparerOptions): PrepareStep {
  const { indices, batchSize, seed } = opts
  const { partners, ...rest } = opts
  const draw = partners && createPartnerDraw({ labels: opts.set.labels, indices, seed, ...partners })
  const prepare = createBatchPreparer({ ...rest, ...(draw ? { partners: draw } : {}) })
  let latest: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array() }
  return (epoch, step, memory) => {
    if (latest.epoch !== epoch) latest = { epoch, order: epochOrder(indices, seed, epoch) }
    const start = step * batchSize
    return prepare(latest.order.subarray(start, start + batchSize), epoch, memory)
  }
}
