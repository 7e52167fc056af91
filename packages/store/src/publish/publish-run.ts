import { verifyRunSignature } from '@mate-bench/provenance'
import { artifactFiles, BenchError, type Envelope, type Manifest } from '@mate-bench/schema'
import { prepareEntryResampling } from '@mate-bench/stats'
import { eq } from 'drizzle-orm'
import { lockTrack, refreshAggregates, resamplingOf } from '../aggregates/refresh.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { sha256Of } from '../artifacts/digest.ts'
import { packCorrect } from '../correct-bits.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { withRetry } from '../drivers/with-retry.ts'
import { rememberKey } from '../ledger/remember-key.ts'
import { recordFinish } from '../ledger/run-events.ts'
import { sharedFiles } from '../queries/shared-files.ts'
import {
  artifacts,
  entries,
  exitResults,
  type RunTier,
  runSignatures,
  runs,
  specs,
  submissionRuns,
  tracks,
} from '../schema/index.ts'
import { checkRun, refusal } from './check-run.ts'
import { keepApart } from './keep-apart.ts'
import type { Correctness, PublishableRun } from './publishable-run.ts'
import { artifactRows, entryRow, exitRows, type Publication, runRow, specRow, trackRow } from './run-rows.ts'

export interface PublishOptions {
  /** How far the run has been checked; `recomputed` where `verifyRun` of the harness passed. */
  readonly tier: RunTier
  /** The submission that the run came of. */
  readonly submissionId?: string | undefined
  /** For tools that make data for load tests. */
  readonly synthetic?: boolean | undefined
  readonly publishedAt?: Date | undefined
  /** The last word before the ledger is written and the transaction commits, inside it: what this throws undoes everything. */
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
 * @throws BenchError `verification-failed` for a run that does not hold or is a copy of another seed's, `conflict` for another run of the same id or
 *   a database of the other kind of runs, `storage` when database or artifact store can't be reached; nothing is half
 *   there then, and the call may be repeated
 */
export async function publishRun(
  db: Db,
  artifactStore: ArtifactStore,
  run: PublishableRun,
  { tier, submissionId, synthetic = false, publishedAt = new Date(), confirm }: PublishOptions,
): Promise<Published> {
  checkRun(run)
  const { manifest } = run
  const signature = run.signature && {
    envelope: run.signature,
    key: await verifyRunSignature(run.signature, manifest),
  }
  try {
    await keepFiles(artifactStore, run)
    // The better part of the resampling: done before the track is held, since others wait for that.
    prepareEntryResampling(manifest.track.splits.test.count, resamplingOf(synthetic))
    const publication = { tier, synthetic, publishedAt }
    const alreadyPublished = await withRetry(() =>
      db.transaction(async (tx) => {
        const wasThere = await writeRun(tx, { ...run, signature }, publication, submissionId)
        await confirm?.(tx)
        // Nobody began what nobody trained. Last of all, since everybody who writes waits for the ledger.
        if (!wasThere && !synthetic) {
          const key = signature?.key ?? null
          const takesOver = submissionId !== undefined
          await recordFinish(tx, manifest, { key, evidence: run.start, takesOver, now: publishedAt })
        }
        return wasThere
      }),
    )
    return { runId: manifest.runId, alreadyPublished }
  } catch (thrown) {
    throw publishingFailed(manifest.runId, thrown)
  }
}

/** What went wrong while a run was published, with what to do about a database that is away. */
export function publishingFailed(runId: string, thrown: unknown): unknown {
  return storeErrorFromUnknown(thrown, {
    doing: `publishing ${runId}`,
    retry:
      'The run folder is as it was: run the same `mate-bench publish` again when the database is back; nothing is written twice.',
  })
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

/** A run that holds, and whose signature holds. */
interface CheckedRun {
  readonly manifest: Manifest
  readonly correctness: Correctness
  readonly signature: { readonly envelope: Envelope; readonly key: string } | undefined
}

/** @returns true where the run was there already */
async function writeRun(
  tx: Transaction,
  { manifest, correctness, signature }: CheckedRun,
  publication: Publication,
  submissionId: string | undefined,
): Promise<boolean> {
  const { runId, track } = manifest
  await keepApart(tx, publication.synthetic)
  await tx.insert(tracks).values(trackRow(manifest)).onConflictDoNothing()
  await lockTrack(tx, track.digest)
  await tx.insert(specs).values(specRow(manifest, publication.publishedAt)).onConflictDoNothing()
  const entry = entryRow(manifest, publication.publishedAt)
  await tx.insert(entries).values(entry).onConflictDoNothing()
  const inserted = await tx
    .insert(runs)
    .values(runRow(manifest, publication))
    .onConflictDoNothing()
    .returning({ id: runs.id })
  const isNew = inserted.length > 0
  if (isNew) {
    await refuseCopies(tx, manifest)
    const packed = { exits: correctness.exits.map(packCorrect), ensemble: packCorrect(correctness.ensemble) }
    await tx.insert(exitResults).values(exitRows(manifest, packed))
    if (manifest.artifacts.length > 0) await tx.insert(artifacts).values(artifactRows(manifest))
    await refreshAggregates(tx, track.digest, [entry.id])
  } else {
    await sameRun(tx, manifest, signature?.key)
  }
  if (submissionId !== undefined) {
    await tx.insert(submissionRuns).values({ submissionId, runId }).onConflictDoNothing()
  }
  const now = publication.publishedAt
  if (isNew && signature) {
    await rememberKey(tx, signature.key, now)
    await tx.insert(runSignatures).values({ runId, ...signature })
  }
  return !isNew
}

/** Another seed draws other weights: a run that shares its predictions, weights or learning curve with one is a copy. */
async function refuseCopies(tx: Transaction, manifest: Manifest): Promise<void> {
  const shared = (await sharedFiles(tx, manifest)).filter(({ seed }) => seed !== manifest.seed)
  if (shared.length === 0) return
  throw refusal(
    manifest.runId,
    shared.map(({ role, runId, seed, specName }) => ({
      path: artifactFiles[role].file,
      message: `It is identical to that of ${runId} (${specName} seed ${seed}), another training: one of them is a copy.`,
    })),
  )
}

/**
 * An id says nothing about content: another manifest under it is refused, not overwritten. So is the same one with another
 * signature: somebody else answers for it, or nobody, and its author has to hear that.
 */
async function sameRun(
  tx: Transaction,
  { runId, manifestDigest }: Manifest,
  key: string | undefined,
): Promise<void> {
  const [present] = await tx
    .select({ digest: runs.manifestDigest, key: runSignatures.key })
    .from(runs)
    .leftJoin(runSignatures, eq(runSignatures.runId, runs.id))
    .where(eq(runs.id, runId))
  if (present?.digest === manifestDigest) {
    if (key === undefined || key === present.key) return
    throw new BenchError({
      code: 'conflict',
      message: `The run ${runId} is published already, signed by ${present.key ?? 'nobody'}, not by ${key}.`,
      path: runId,
      hint: 'If it is yours, ask who runs the site to withdraw it: your signature and your registration show whose it was.',
    })
  }
  throw new BenchError({
    code: 'conflict',
    message: `Another run is published under the id ${runId}.`,
    path: runId,
    hint: `Its manifest has the digest ${present?.digest ?? 'unknown'}, yours ${manifestDigest}. Run the spec again to get an id of its own.`,
  })
}
