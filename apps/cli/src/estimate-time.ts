import { type BackendSettings, openBackend } from '@mate-bench/backends'
import { measureTrainingStep } from '@mate-bench/harness/measure'
import { measureStepMemory } from '@mate-bench/harness/measure-memory'
import type { Plan } from '@mate-bench/harness/plan'
import { type BackendChoice, defaultWorkers } from './command-options.ts'
import { estimateMemory, type MemoryEstimate } from './estimate-memory.ts'
import { prepareBackend } from './prepare-backend.ts'

export interface EstimateOptions {
  readonly backend: BackendChoice
  readonly settings?: BackendSettings
  /** Runs at a time, where it was asked for. */
  readonly workers?: number | undefined
}

export interface TimeEstimate {
  readonly backend: string
  readonly backendReason: string
  /** Images in the measured step: the spec's batch, or fewer where that would take too long to measure. */
  readonly measuredBatchSize: number
  readonly secondsPerStep: number
  readonly gflopPerSecond: number
  readonly secondsPerRun: number
  /** All runs of the spec, `workers` at a time. */
  readonly secondsInAll: number
  readonly workers: number
  readonly memory: MemoryEstimate
}

/** A step is measured with as many images as this many FLOPs allow: some seconds on a slow machine. */
const measuredFlops = 8e9

/** Times a few training steps on noise with this machine's backend, and reckons from there. */
export async function estimateTime(
  { spec, network, forwardMacs, stepsPerEpoch, splits, passes, keptBytes }: Plan,
  asked: EstimateOptions,
): Promise<TimeEstimate> {
  const { name, reason } = await prepareBackend(asked.backend, asked.settings)
  await openBackend(name, asked.settings)
  const { batchSize, epochs } = spec.training
  const affordable = Math.max(1, Math.floor(measuredFlops / (6 * forwardMacs)))
  const measuredBatchSize = Math.min(batchSize, affordable)
  // Before anything else has filled the backend's memory.
  const stepMemory = await measureStepMemory(network, measuredBatchSize)
  const { secondsPerStep: measured, gflopPerSecond } = await measureTrainingStep({
    network,
    batchSize: measuredBatchSize,
    steps: 2,
  })
  // A pass without a gradient is a third of one with it.
  const passesPerImage = passes.withGradient + passes.withoutGradient / 3
  const secondsPerBatch = (measured * batchSize) / measuredBatchSize
  const secondsPerStep = secondsPerBatch * passesPerImage
  // Judging is a forward pass: a third of a training step an image, on validation images each epoch.
  const judgedImages = splits.validation * (epochs + 1) + splits.test
  const secondsPerRun =
    epochs * stepsPerEpoch * secondsPerStep + (judgedImages / batchSize) * (secondsPerBatch / 3)
  const workers = Math.min(
    asked.workers ?? defaultWorkers(spec.seeds.length, name, asked.settings?.threads),
    spec.seeds.length,
  )
  return {
    backend: name,
    backendReason: reason,
    measuredBatchSize,
    secondsPerStep,
    gflopPerSecond,
    secondsPerRun,
    secondsInAll: secondsPerRun * Math.ceil(spec.seeds.length / workers),
    workers,
    memory: estimateMemory(
      { ...stepMemory, bytes: (images) => stepMemory.bytes(images * passes.withGradient) + keptBytes },
      batchSize,
      workers,
    ),
  }
}
