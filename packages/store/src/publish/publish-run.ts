import { BenchError, type Manifest } from '@mate-bench/schema'
import { eq } from 'drizzle-orm'
import { lockTrack, refreshAggregates } from '../aggregates/refresh.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { sha256Of } from '../artifacts/digest.ts'
import { packCorrect } from '../correct-bits.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { withRetry } from '../drivers/with-retry.ts'
import { entryIdOf } from '../entry-id.ts'
import {
  artifacts,
  ensembleK,
  entries,
  exitResults,
  type RunTier,
  runs,
  specs,
  submissionRuns,
  tracks,
} from '../schema/index.ts'
import { checkRun, refusal } from './check-run.ts'
import type { Correctness, PublishableRun } from './publishable-run.ts'

export interface PublishOptions {
  /** How far the run has been checked; `recomputed` where `verifyRun` of the harness passed. */
  readonly tier: RunTier
  /** The submission that the run came of. */
  readonly submissionId?: string | undefined
  /** For tools that make data for load tests. */
  readonly synthetic?: boolean | undefined
  readonly publishedAt?: Date | undefined
  /** The last word before the transaction commits, inside it: what this throws undoes everything. */
  readonly confirm?: ((tx: Transaction) => Promise<void>) | undefined
}

export interface Published {
  readonly runId: string
  /** True where the very same run was there: nothing was written. */
  readonly alreadyPublished: boolean
}

/**
 * Checks a run and writes it: files to the artifact store, then run, exits and artifacts in one transaction. It may
 * be repeated, and done by several at once: the same run is there once.
 *
 * @throws BenchError `verification-failed` for a run that does not hold, `conflict` for another run of the same id,
 *   `storage` when database or artifact store can't be reached; nothing is half there then, and the call may be
 *   repeated
 */
export async function publishRun(
  db: Db,
  artifactStore: ArtifactStore,
  run: PublishableRun,
  options: PublishOptions,
): Promise<Published> {
  checkRun(run)
  const { manifest } = run
  try {
    await keepFiles(artifactStore, run)
    const alreadyPublished = await withRetry(() =>
      db.transaction(async (tx) => {
        const wasThere = await writeRun(tx, manifest, run.correctness, options)
        await options.confirm?.(tx)
        return wasThere
      }),
    )
    return { runId: manifest.runId, alreadyPublished }
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, {
      doing: `publishing ${manifest.runId}`,
      retry:
        'The run folder is as it was: run the same `mate-bench publish` again when the database is back; nothing is written twice.',
    })
  }
}

/** One file in memory at a time. */
async function keepFiles(
  artifactStore: ArtifactStore,
  { manifest, readFile }: PublishableRun,
): Promise<void> {
  for (const { file, mediaType, bytes, sha256 } of manifest.artifacts) {
    const content = await readFile(file)
    const found = sha256Of(content)
    if (found !== sha256 || content.length !== bytes) {
      const message = `The manifest says ${bytes} bytes with SHA-256 ${sha256}, found ${content.length} with ${found}.`
      throw refusal(manifest.runId, [{ path: file, message }])
    }
    await artifactStore.put(content, mediaType)
  }
}

/** @returns true where the run was there already */
async function writeRun(
  tx: Transaction,
  manifest: Manifest,
  correctness: Correctness,
  { tier, submissionId, synthetic = false, publishedAt = new Date() }: PublishOptions,
): Promise<boolean> {
  const { runId, spec, specDigest, track } = manifest
  await tx
    .insert(tracks)
    .values({ digest: track.digest, dataset: track.dataset, document: track })
    .onConflictDoNothing()
  await lockTrack(tx, track.digest)
  await tx
    .insert(specs)
    .values({
      digest: specDigest,
      name: spec.name,
      method: spec.method.name,
      backbone: spec.model.backbone.name,
      head: spec.model.head.name,
      dataset: spec.dataset.name,
      exits: manifest.model.exits.length,
      document: spec,
      publishedAt,
    })
    .onConflictDoNothing()
  const entryId = entryIdOf(track.digest, specDigest)
  await tx
    .insert(entries)
    .values({ id: entryId, trackDigest: track.digest, specDigest, publishedAt })
    .onConflictDoNothing()
  const inserted = await tx
    .insert(runs)
    .values({
      id: runId,
      entryId,
      seed: manifest.seed,
      tier,
      backend: manifest.environment.backend.name,
      parameters: manifest.model.parameters,
      wallSeconds: manifest.timing.wallSeconds,
      deterministic: manifest.deterministic,
      synthetic,
      startedAt: new Date(manifest.timing.startedAt),
      finishedAt: new Date(manifest.timing.finishedAt),
      publishedAt,
      manifestDigest: manifest.manifestDigest,
      manifest,
    })
    .onConflictDoNothing()
    .returning({ id: runs.id })
  const isNew = inserted.length > 0
  if (isNew) {
    await tx.insert(exitResults).values(exitRows(manifest, correctness))
    if (manifest.artifacts.length > 0) await tx.insert(artifacts).values(artifactRows(manifest))
    await refreshAggregates(tx, track.digest, [entryId])
  } else {
    await sameRun(tx, manifest)
  }
  if (submissionId !== undefined) {
    await tx.insert(submissionRuns).values({ submissionId, runId }).onConflictDoNothing()
  }
  return !isNew
}

function exitRows(manifest: Manifest, correctness: Correctness): (typeof exitResults.$inferInsert)[] {
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
      correct: packCorrect(correctness.exits[i] ?? new Uint8Array()),
    }
  })
  const ensemble = {
    runId,
    k: ensembleK,
    sequentialMacs: model.exits.at(-1)?.sequentialMacs ?? 0,
    ...results.ensemble,
    correct: packCorrect(correctness.ensemble),
  }
  return [ensemble, ...exits]
}

function artifactRows({ runId, artifacts: listed }: Manifest): (typeof artifacts.$inferInsert)[] {
  return listed.map((artifact, position) => ({ runId, position, ...artifact }))
}

/** An id says nothing about content: another manifest under it is refused, not overwritten. */
async function sameRun(tx: Transaction, { runId, manifestDigest }: Manifest): Promise<void> {
  const [present] = await tx.select({ digest: runs.manifestDigest }).from(runs).where(eq(runs.id, runId))
  if (present?.digest === manifestDigest) return
  throw new BenchError({
    code: 'conflict',
    message: `Another run is published under the id ${runId}.`,
    path: runId,
    hint: `Its manifest has the digest ${present?.digest ?? 'unknown'}, yours ${manifestDigest}. Run the spec again to get an id of its own.`,
  })
}
