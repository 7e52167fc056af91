import { join } from 'node:path'
import { type BackendName, type BackendSettings, openBackend } from '@mate-bench/backends'
import { createTrainLoader, openDataset, type TrainLoader } from '@mate-bench/datasets'
import { writeFileAtomic } from './atomic-file.ts'
import { snapshot } from './checkpoint.ts'
import { chooseBackend } from './choose-backend.ts'
import { createLearner, type Learner } from './learner.ts'
import { learningRateAt } from './learning-rates.ts'
import { findTeachers, openTeacher } from './load-teachers.ts'
import { copyParameters } from './network-copy.ts'
import { phaseAt } from './phases.ts'
import { encodeSafetensors, type NamedTensor } from './safetensors.ts'
import { describeSpecNetwork, digestSpec, type Spec } from './spec.ts'
import { trainStep } from './train-step.ts'

export interface TraceOptions {
  readonly spec: Spec
  readonly seed: number
  readonly steps: number
  readonly out: string
  /** Where the finished runs of its teachers are, of a method that has any. @default `out` */
  readonly runs?: string | undefined
  readonly backend: BackendName | 'auto'
  readonly settings?: BackendSettings | undefined
  readonly dataFolder?: string | undefined
}

/** One line of `trace.json`. */
export interface TraceStep {
  readonly step: number
  readonly epoch: number
  readonly learningRate: number
  readonly loss: number
  /** Every term by name: `ce1`.. are unweighted, the others as they enter the total. */
  readonly terms: Readonly<Record<string, number>>
}

/**
 * Records the first steps of a run so that another framework can replay them exactly: initial parameters,
 * the very batches (NHWC, after augmentation and normalisation), each step's losses, final parameters.
 */
export async function traceSpec(options: TraceOptions): Promise<TraceStep[]> {
  const { spec, seed, out } = options
  const { training } = spec
  const dataset = await openDataset(spec.dataset, { dataFolder: options.dataFolder })
  const network = describeSpecNetwork(spec, {
    inputShape: dataset.imageShape,
    classes: dataset.classes.length,
  })
  const { settings } = options
  const { name } = await chooseBackend(options.backend, { settings })
  const backend = await openBackend(name, settings)
  const stepsPerEpoch = Math.ceil(dataset.splits.train.indices.length / training.batchSize)
  const teachers = findTeachers(options.runs ?? out, spec, seed).map(openTeacher)
  const learner = createLearner({
    spec,
    seed,
    network,
    stepsPerEpoch,
    trainIndices: dataset.splits.train.indices,
    teachers,
  })
  const metadata = {
    format: 'mate-bench',
    specDigest: digestSpec(spec),
    seed: String(seed),
    backend: backend.name,
  }
  const write = (file: string, tensors: ReadonlyMap<string, NamedTensor>) =>
    writeFileAtomic(join(out, file), encodeSafetensors({ tensors, metadata }))
  const batches = new Map<string, NamedTensor>()
  const trace: TraceStep[] = []
  let loader: TrainLoader | undefined
  try {
    write('initial.safetensors', await parameters(learner))
    const openLoader = () =>
      createTrainLoader({
        dataset,
        batchSize: training.batchSize,
        augmentation: training.augmentation,
        seed,
        rows: learner.needs,
      })
    loader = openLoader()
    const last = Math.min(options.steps, training.epochs * stepsPerEpoch)
    for (let epoch = 0; trace.length < last; epoch++) {
      for await (const batch of loader.batches(epoch)) {
        const step = trace.length
        const rows = batch.labels.length
        const shape = [rows, ...dataset.imageShape]
        batches.set(`step${step}/images`, { shape, data: batch.images.slice() })
        batches.set(`step${step}/labels`, { shape: [rows], data: batch.labels.slice() })
        const learningRate = learningRateAt(training, { epoch, step: step % stepsPerEpoch, stepsPerEpoch })
        const { loss, terms } = await trainStep(
          { ...training, ...learner, classes: dataset.classes.length, trackAttention: false },
          batch,
          { epoch: step / stepsPerEpoch - learner.phase.firstEpoch, step, learningRate },
        )
        trace.push({ step, epoch: step / stepsPerEpoch, learningRate, loss, terms })
        if (trace.length >= last) break
      }
      if (learner.copy && learner.needs.copy?.isTaken(epoch + 1 - learner.phase.firstEpoch))
        copyParameters(learner.model, learner.copy)
      const next = phaseAt(training, epoch + 1)
      if (next.name === learner.phase.name || trace.length >= last) continue
      learner.enter(next)
      await loader.close()
      loader = openLoader()
    }
    write('final.safetensors', await parameters(learner))
    write('batches.safetensors', batches)
    const { spec: _, ...rest } = { spec, ...metadata }
    const document = { schemaVersion: 1, ...rest, seed, spec, steps: trace }
    writeFileAtomic(join(out, 'trace.json'), `${JSON.stringify(document, null, 2)}\n`)
  } finally {
    await loader?.close()
    learner.dispose()
    for (const teacher of teachers) teacher.dispose()
  }
  return trace
}

/** Network and training-only parameters under the names of the checkpoint's groups. */
function parameters({ groups }: Learner): Promise<Map<string, NamedTensor>> {
  return snapshot({ model: groups.model, method: groups.method })
}
