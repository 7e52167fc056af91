import { randomInt } from 'node:crypto'
import { openBackend } from '@mate-bench/backends'
import { exitCosts, type Network, parameterDescriptions } from '@mate-bench/nn/describe'
import { artifactFiles, type Manifest } from '@mate-bench/schema'
import { createRandom } from '@mate-bench/stats'
import { requireTensors, restore } from '../checkpoint.ts'
import { createLearner, type Learner } from '../learner.ts'
import { phaseAt, phasesOf } from '../phases.ts'
import { planSpec } from '../plan.ts'
import type { PredictionsFile } from '../predictions-file.ts'
import { projectionNotes } from '../run.ts'
import { decodeSafetensors, type SafetensorsFile } from '../safetensors.ts'
import { digestSpec, type Spec } from '../spec.ts'
import { failureOf, type Report, refuseAny, same } from './check.ts'
import type { FoundDataset } from './check-dataset.ts'
import { bytesOf, type RunBytes } from './check-files.ts'
import type { SplitFiles } from './check-predictions.ts'
import type { MetricsRow } from './check-training.ts'
import { lossTermNames } from './loss-term-names.ts'
import { type RerunSummary, rerunDifferences } from './rerun-weights.ts'

export interface WeightsRun {
  readonly spec: Spec
  readonly manifest: Manifest
  readonly bytes: RunBytes
}

/** What running the weights gave, by split; a split that could not be run is left out. */
export interface Rerun {
  readonly test?: RerunSummary
  readonly validation?: RerunSummary
}

export interface CheckedWeights {
  /** Where they could be read and have the spec's shapes. */
  readonly weights: SafetensorsFile | undefined
  readonly rerun: Rerun
}

/**
 * Holds the weights to the spec by names, shapes and finiteness, and to the predictions by running them: on a sample
 * that nobody can know before, or on every image. What the method adds in training, and the terms of its loss, are held
 * to the spec on the way.
 */
export async function checkWeights(
  run: WeightsRun,
  context: {
    readonly found: FoundDataset
    readonly files: SplitFiles
    readonly metrics: readonly MetricsRow[] | undefined
    /** Every image of both splits, instead of a sample. */
    readonly full: boolean
  },
  report: Report,
): Promise<CheckedWeights> {
  const { spec, manifest } = run
  const { network, stepsPerEpoch } = planSpec(spec)
  let weights: SafetensorsFile | undefined
  await report.check('model weights', () => {
    const file = decodeSafetensors(bytesOf(run.bytes, 'model'), artifactFiles.model.file)
    const detail = weightsMatch(file, network, spec)
    weights = file
    return detail
  })
  try {
    await openBackend('wasm')
  } catch (thrown) {
    report.add('weights on the images', 'unchecked', failureOf(thrown))
    return { weights, rerun: {} }
  }
  const learner = createLearner({ spec, seed: manifest.seed, network, stepsPerEpoch })
  let rerun: Rerun = {}
  try {
    learner.enter(phaseAt(spec.training, spec.training.epochs))
    await report.check('training-only parameters', () => trainingOnly(learner, manifest))
    const { metrics } = context
    if (metrics) await report.check('terms of the loss', () => lossTerms(learner, spec, metrics))
    if (weights) rerun = await checkRerun(weights, learner, run, context, report)
  } finally {
    learner.dispose()
  }
  return { weights, rerun }
}

function weightsMatch({ tensors, metadata }: SafetensorsFile, network: Network, spec: Spec): string {
  const expected = parameterDescriptions(network)
  for (const { name, shape } of expected) {
    same(`${name} [${tensors.get(name)?.shape.join(', ') ?? 'missing'}]`, `${name} [${shape.join(', ')}]`)
  }
  same(`${tensors.size} tensors`, `${expected.length} tensors`)
  for (const [name, { data }] of tensors) {
    if (!(data instanceof Float32Array)) throw new Error(`${name} is not of float32`)
    if (!data.every(Number.isFinite)) throw new Error(`${name} holds a value that is not finite`)
    if (name.endsWith('.variance') && data.some((value) => value < 0)) {
      throw new Error(`${name} holds a variance below 0`)
    }
  }
  same(`spec ${metadata.spec} ${metadata.specDigest}`, `spec ${spec.name} ${digestSpec(spec)}`)
  return `${tensors.size} tensors of the shapes that the spec asks for`
}

function trainingOnly(learner: Learner, { training }: Manifest): string {
  const values = [...learner.groups.method.values()].reduce((sum, { size }) => sum + size, 0)
  same(training.notes.join('; '), projectionNotes(learner).join('; '))
  return same(`${training.trainingOnlyParameters} parameters`, `${values} parameters`)
}

function lossTerms(learner: Learner, spec: Spec, metrics: readonly MetricsRow[]): string {
  let expected = ''
  for (const phase of phasesOf(spec.training)) {
    learner.enter(phase)
    expected = lossTermNames(learner, spec).join(', ')
    for (const { epoch, terms } of metrics.slice(phase.firstEpoch, phase.firstEpoch + phase.epochs)) {
      same(`epoch ${epoch}: ${Object.keys(terms).join(', ')}`, `epoch ${epoch}: ${expected}`)
    }
  }
  return `${expected}, those of the method "${spec.method.name}"`
}

/**
 * What a sample may cost, in multiply-accumulates of forward passes: about a second of WebAssembly on one core. A large
 * network is sampled less, and never by fewer than `smallestSample` images a split.
 */
const sampleMacs = 10e9
const smallestSample = 8
const largestSample = 256

/** How many images of a split are run, where a forward pass takes so many MACs. */
export function sampleSize(macs: number, images: number): number {
  const affordable = Math.floor(sampleMacs / Math.max(1, macs))
  return Math.min(images, Math.max(smallestSample, Math.min(largestSample, affordable)))
}

async function checkRerun(
  weights: SafetensorsFile,
  learner: Learner,
  { manifest }: WeightsRun,
  { found, files, full }: { found: FoundDataset; files: SplitFiles; full: boolean },
  report: Report,
): Promise<Rerun> {
  const { model } = learner
  const done: { test?: RerunSummary; validation?: RerunSummary } = {}
  const macs = exitCosts(model.network, 'macs').at(-1)?.sequentialMacs ?? 0
  for (const split of ['test', 'validation'] as const) {
    const file = files[split]
    if (!file) continue
    const name = `weights on the ${split} images`
    if (found.state === 'missing') {
      report.add(name, 'unchecked', found.why)
      continue
    }
    await report.check(name, async () => {
      const tensors = new Map([...weights.tensors].map(([tensor, value]) => [`model/${tensor}`, value]))
      requireTensors(tensors, { model: model.variables }, artifactFiles.model.file)
      restore(tensors, { model: model.variables })
      const rows = full ? [...file.indices.keys()] : drawSample(file, sampleSize(macs, file.indices.length))
      const { problems, summary } = await rerunDifferences({
        model,
        dataset: found.dataset,
        split,
        file,
        rows,
        backend: manifest.environment.backend.name,
        onBatch: report.alive,
      })
      done[split] = summary
      refuseAny(problems)
      const what = full ? `all ${rows.length}` : `${rows.length} of ${file.indices.length}, drawn at random`
      return `${what}: every exit and the ensemble say the same, logits within ${summary.tolerance * 100} %`
    })
  }
  return done
}

/** Not from the run's seed: whoever changes a few predictions must not know which are looked at. */
function drawSample({ indices }: PredictionsFile, size: number): number[] {
  const random = createRandom(randomInt(2 ** 32), 'verification-sample')
  return random
    .shuffle([...indices.keys()])
    .slice(0, size)
    .sort((a, b) => a - b)
}
