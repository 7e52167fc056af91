import { parentPort, workerData } from 'node:worker_threads'
import type { Batch } from '../dataset.ts'
import type { BatchMemory } from './batch-preparer.ts'
import { withImages } from './read-packed-images.ts'
import { createStepPreparer, type StepPreparerOptions } from './step-preparer.ts'

/** What the loader asks the thread for. */
export interface PrepareRequest {
  readonly id: number
  readonly epoch: number
  readonly step: number
  readonly memory: BatchMemory | undefined
}

/** What the thread answers: a batch whose memory is handed over, or why there is none. */
export type PrepareAnswer =
  | ({ readonly id: number } & Batch)
  | { readonly id: number; readonly error: unknown }

const prepare = createStepPreparer({ ...(workerData as StepPreparerOptions), withImages })

parentPort?.on('message', ({ id, epoch, step, memory }: PrepareRequest) => {
  try {
    const batch = prepare(epoch, step, memory)
    const answer: PrepareAnswer = { id, ...batch }
    parentPort?.postMessage(answer, [batch.images.buffer as ArrayBuffer, batch.labels.buffer as ArrayBuffer])
  } catch (error) {
    const answer: PrepareAnswer = { id, error }
    parentPort?.postMessage(answer)
  }
})
