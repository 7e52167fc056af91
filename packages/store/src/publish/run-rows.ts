import { digestExperiment } from '@mate-bench/provenance'
import type { Manifest } from '@mate-bench/schema'
import { entryIdOf, formerEntryIdOf } from '../entry-id.ts'
import {
  type artifacts,
  ensembleK,
  type entries,
  type exitResults,
  type RunTier,
  type runs,
  type specs,
  type tracks,
} from '../schema/index.ts'

/**
 * The rows that a run is in the database. Whoever writes runs takes them from here, and an import is held to them:
 * everything but tier, `synthetic` and times of publication follows from the manifest and from who is right where.
 */

type Row<Table extends { readonly $inferInsert: unknown }> = Table['$inferInsert']

export function trackRow({ track }: Manifest): Row<typeof tracks> {
  return { digest: track.digest, dataset: track.dataset, document: track }
}

export function specRow({ spec, specDigest, model }: Manifest, publishedAt: Date): Row<typeof specs> {
  return {
    digest: specDigest,
    name: spec.name,
    method: spec.method.name,
    backbone: spec.model.backbone.name,
    head: spec.model.head.name,
    dataset: spec.dataset.name,
    exits: model.exits.length,
    document: spec,
    publishedAt,
  }
}

/** The entry that a run begins, or would begin if it were the first. */
export function entryRow(
  { track, spec, specDigest }: Manifest,
  publishedAt: Date,
): Row<typeof entries> & { id: string } {
  const experimentDigest = digestExperiment(spec)
  const id = entryIdOf(track.digest, experimentDigest)
  return { id, trackDigest: track.digest, experimentDigest, specDigest, publishedAt }
}

/** What of a run does not follow from its manifest. */
export interface Publication {
  readonly tier: RunTier
  readonly synthetic: boolean
  readonly publishedAt: Date
}

export function runRow(manifest: Manifest, { tier, synthetic, publishedAt }: Publication): Row<typeof runs> {
  const { runId, seed, track, spec, specDigest, environment, model, timing, deterministic } = manifest
  return {
    id: runId,
    entryId: entryIdOf(track.digest, digestExperiment(spec)),
    ...{ specDigest, formerEntryId: formerEntryIdOf(track.digest, specDigest) },
    seed,
    backend: environment.backend.name,
    parameters: model.parameters,
    wallSeconds: timing.wallSeconds,
    deterministic,
    startedAt: new Date(timing.startedAt),
    finishedAt: new Date(timing.finishedAt),
    ...{ tier, synthetic, publishedAt },
    manifestDigest: manifest.manifestDigest,
    manifest,
  }
}

/** Who is right where, packed by `packCorrect`. */
export interface PackedCorrectness {
  /** One an exit, shallowest first. */
  readonly exits: readonly Uint8Array[]
  readonly ensemble: Uint8Array
}

export function exitRows(manifest: Manifest, packed: PackedCorrectness): Row<typeof exitResults>[] {
  const { runId, model, results } = manifest
  const exits = results.exits.map(({ k, ...metrics }, i) => {
    const cost = model.exits[i]
    return {
      runId,
      k,
      after: cost?.after ?? null,
      isolatedMacs: cost?.isolatedMacs ?? null,
      sequentialMacs: cost?.sequentialMacs ?? 0,
      parameters: cost?.parameters ?? null,
      ...metrics,
      correct: packed.exits[i] ?? new Uint8Array(),
    }
  })
  const ensemble = {
    ...{ runId, k: ensembleK, after: null, isolatedMacs: null, parameters: null },
    sequentialMacs: model.exits.at(-1)?.sequentialMacs ?? 0,
    ...results.ensemble,
    correct: packed.ensemble,
  }
  return [ensemble, ...exits]
}

export function artifactRows({ runId, artifacts: listed }: Manifest): Row<typeof artifacts>[] {
  return listed.map((artifact, position) => ({ runId, position, ...artifact }))
}
