import { digestBytes, digestExperiment, digestJson } from '@mate-bench/provenance'
import type { Manifest } from '@mate-bench/schema'
import type { PredictionTable } from '@mate-bench/stats'
import { z } from 'zod'
import { decodeSafetensors, type SafetensorsFile } from '../safetensors.ts'

/** What tells one training from another, whatever a file looks like from outside. */
export interface RunFingerprint {
  readonly runId: string
  readonly experimentDigest: string
  readonly specName: string
  readonly seed: number
  readonly trackDigest: string
  /** Of every column of the test predictions. */
  readonly predictions: string
  /** Of names, shapes and values of the weights; null where they are not at hand. */
  readonly weights: string | null
  /** Of the loss of every epoch; null where they are not at hand. */
  readonly curve: string | null
  /** [N] the ensemble's log-probability of each test image's label. */
  readonly labelLogProbability: Float32Array
}

export interface FingerprintInput {
  readonly manifest: Manifest
  /** Of the test split. */
  readonly table: PredictionTable
  /** Rows of metrics.jsonl. */
  readonly epochs: readonly unknown[] | undefined
  readonly weights: SafetensorsFile | undefined
}

export function fingerprintOf({ manifest, table, epochs, weights }: FingerprintInput): RunFingerprint {
  const columns = [...table.exits, table.ensemble].flatMap((classifier) => Object.values(classifier))
  const losses = z
    .array(z.object({ loss: z.number() }))
    .min(1)
    .safeParse(epochs)
  return {
    runId: manifest.runId,
    experimentDigest: digestExperiment(manifest.spec),
    specName: manifest.spec.name,
    seed: manifest.seed,
    trackDigest: manifest.track.digest,
    predictions: digestJson([table.labels, ...columns].map(digestOf)),
    weights: weights ? weightsDigest(weights) : null,
    curve: losses.success ? digestJson(losses.data) : null,
    labelLogProbability: table.ensemble.labelLogProbability,
  }
}

function digestOf(values: Float32Array | Int32Array): string {
  return digestBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

/**
 * Digest of the weights in a safetensors file: the same whatever its metadata say, which name the spec.
 *
 * @throws BenchError `bad-input` for a file that is not one
 */
export function digestWeightsFile(bytes: Uint8Array, source: string): string {
  return weightsDigest(decodeSafetensors(bytes, source))
}

function weightsDigest({ tensors }: SafetensorsFile): string {
  return digestJson([...tensors].map(([name, { shape, data }]) => [name, shape, digestOf(data)]))
}
