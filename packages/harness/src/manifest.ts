import { readFileSync } from 'node:fs'
import type { OpenDataset } from '@mate-bench/datasets'
import { exitCosts, type Network, parameterDescriptions } from '@mate-bench/nn/describe'
import { digestBytes, digestJson } from '@mate-bench/provenance'
import {
  type Artifact,
  artifactFiles,
  artifactRoles,
  type Manifest,
  manifestSchema,
  type Track,
} from '@mate-bench/schema'

export { formatManifest } from '@mate-bench/provenance'

/** Sizes and digests of the files of a run. */
export function describeArtifacts(path: (file: string) => string, hasValidation: boolean): Artifact[] {
  return artifactRoles
    .filter((role) => hasValidation || role !== 'validation-predictions')
    .map((role) => {
      const { file, mediaType } = artifactFiles[role]
      const bytes = readFileSync(path(file))
      const sha256 = digestBytes(bytes).slice('sha256:'.length)
      return { role, file, mediaType, bytes: bytes.length, sha256 }
    })
}

/** What must be equal for two entries to share a table. */
export function describeTrack(dataset: OpenDataset): Track {
  const split = ({ indices, digest }: { indices: Uint32Array; digest: string }) => ({
    count: indices.length,
    digest,
  })
  const content = {
    dataset: dataset.name,
    splits: {
      train: split(dataset.splits.train),
      validation: split(dataset.splits.validation),
      test: split(dataset.splits.test),
    },
    preprocessing: {
      imageShape: [...dataset.imageShape] as [number, number, number],
      mean: [...dataset.normalisation.mean],
      std: [...dataset.normalisation.std],
      ...(dataset.decoding
        ? { decoding: { shortSide: dataset.decoding.shortSide, decoder: { ...dataset.decoding.decoder } } }
        : {}),
    },
    protocol: { metrics: 'top1-top5-nll-ece15-auroc' as const, version: 1 as const },
    costConvention: 'macs' as const,
  }
  return { ...content, digest: digestJson(content) }
}

/** Costs of every exit, as the manifest lists them. */
export function describeModel(network: Network): Manifest['model'] {
  const parameters = parameterDescriptions(network)
    .filter(({ trainable }) => trainable)
    .reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0)
  return {
    parameters,
    exits: exitCosts(network, 'macs').map(
      ({ k, after, isolatedMacs, sequentialMacs, parametersIsolated }) => ({
        k,
        after,
        isolatedMacs,
        sequentialMacs,
        parameters: parametersIsolated,
      }),
    ),
  }
}

/**
 * Adds the digest of everything else, so that any change of the document shows. Members come in the schema's
 * order, as a reader that parses the document again has them.
 */
export function sealManifest(content: Omit<Manifest, 'manifestDigest'>): Manifest {
  return manifestSchema.parse({ ...content, manifestDigest: digestJson(content) })
}
