import { describeDataset } from '@mate-bench/datasets/registry'
import { parseSpec } from '@mate-bench/harness/spec'
import type { ArtifactRole, Manifest } from '@mate-bench/schema'
import type { TriedRun } from '../components/try/network-messages.ts'

/** A published network that a browser can run, and what its page needs to know of it. */
export interface Tryable {
  readonly run: TriedRun
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number]
  /** Class names in label order. */
  readonly classes: readonly string[]
  readonly sequentialMacs: readonly number[]
  readonly weightsBytes: number
}

/** What a phone fetches and computes without complaint. */
const limits = { weightsBytes: 40e6, macs: 1e9, pixels: 64 }

/** Datasets whose licence lets their images be shown; their test images ship with the project. */
const withSamples = ['fashion-mnist-mini', 'fashion-mnist']

/**
 * @param present files of the run that the site has
 * @returns undefined for a run whose weights are not here, or whose network or images are too large for a page
 */
export function tryableRun(manifest: Manifest, present: ReadonlySet<ArtifactRole>): Tryable | undefined {
  const weights = manifest.artifacts.find(({ role }) => role === 'model')
  const sequentialMacs = manifest.model.exits.map((exit) => exit.sequentialMacs)
  if (weights === undefined || !present.has('model') || weights.bytes > limits.weightsBytes) return undefined
  if ((sequentialMacs.at(-1) ?? 0) > limits.macs) return undefined
  const dataset = datasetOf(manifest)
  if (dataset === undefined || Math.max(...dataset.imageShape.slice(0, 2)) > limits.pixels) return undefined
  return {
    run: {
      runId: manifest.runId,
      spec: manifest.spec,
      weightsSha256: weights.sha256,
      hasSamples: withSamples.includes(dataset.name),
      hasPredictions: present.has('predictions'),
    },
    imageShape: dataset.imageShape,
    classes: dataset.classes,
    sequentialMacs,
    weightsBytes: weights.bytes,
  }
}

/** Undefined for a spec of another version of the project: its network can't be built here. */
function datasetOf({ spec }: Manifest) {
  try {
    return describeDataset(parseSpec(spec).dataset)
  } catch {
    return undefined
  }
}
