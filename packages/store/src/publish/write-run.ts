import { artifactFiles, BenchError, type Envelope, type Manifest } from '@mate-bench/schema'
import { eq, sql } from 'drizzle-orm'
import { lockTrack } from '../aggregates/refresh.ts'
import { packCorrect } from '../correct-bits.ts'
import type { Transaction } from '../drivers/db.ts'
import { rememberKey } from '../ledger/remember-key.ts'
import { sharedFiles } from '../queries/shared-files.ts'
import {
  artifacts,
  entries,
  exitResults,
  runSignatures,
  runs,
  specs,
  submissionRuns,
  tracks,
} from '../schema/index.ts'
import { refusal } from './check-run.ts'
import { keepApart } from './keep-apart.ts'
import type { Correctness } from './publishable-run.ts'
import { artifactRows, entryRow, exitRows, type Publication, runRow, specRow, trackRow } from './run-rows.ts'

/** A run that holds, and whose signature holds. */
export interface CheckedRun {
  readonly manifest: Manifest
  readonly correctness: Correctness
  readonly signature: { readonly envelope: Envelope; readonly key: string } | undefined
}

/** What of a run does not follow from its manifest, as its publisher says it. */
export interface NewPublication extends Omit<Publication, 'publishedAt'> {
  /** @default when the track is held, by the database's clock */
  readonly publishedAt?: Date | undefined
}

export interface WrittenRun {
  /** Whether the run was there already. */
  readonly wasThere: boolean
  readonly entryId: string
  readonly publishedAt: Date
}

/**
 * Writes the rows of a run, and nothing that follows from them together with other runs': whoever calls this refreshes the
 * aggregates of its entry in the same transaction.
 *
 * Of several runs of a seed the one that was published first counts, so a run gets its time when it holds the track, from
 * the database: by an earlier time, or by a clock that is behind, it would take the place of a run that is ranked already.
 */
export async function writeRun(
  tx: Transaction,
  { manifest, correctness, signature }: CheckedRun,
  { tier, synthetic, publishedAt: givenTime }: NewPublication,
  submissionId: string | undefined,
): Promise<WrittenRun> {
  const { runId, track } = manifest
  await keepApart(tx, synthetic)
  await tx.insert(tracks).values(trackRow(manifest)).onConflictDoNothing()
  await lockTrack(tx, track.digest)
  const publishedAt = givenTime ?? (await databaseTime(tx))
  await tx.insert(specs).values(specRow(manifest, publishedAt)).onConflictDoNothing()
  const entry = entryRow(manifest, publishedAt)
  await tx.insert(entries).values(entry).onConflictDoNothing()
  const inserted = await tx
    .insert(runs)
    .values(runRow(manifest, { tier, synthetic, publishedAt }))
    .onConflictDoNothing()
    .returning({ id: runs.id })
  const isNew = inserted.length > 0
  if (isNew) {
    await refuseCopies(tx, manifest)
    const packed = { exits: correctness.exits.map(packCorrect), ensemble: packCorrect(correctness.ensemble) }
    await tx.insert(exitResults).values(exitRows(manifest, packed))
    if (manifest.artifacts.length > 0) await tx.insert(artifacts).values(artifactRows(manifest))
  } else {
    await sameRun(tx, manifest, signature?.key)
  }
  if (submissionId !== undefined) {
    await tx.insert(submissionRuns).values({ submissionId, runId }).onConflictDoNothing()
  }
  if (isNew && signature) {
    await rememberKey(tx, signature.key, publishedAt)
    await tx.insert(runSignatures).values({ runId, ...signature })
  }
  return { wasThere: !isNew, entryId: entry.id, publishedAt }
}

async function databaseTime(tx: Transaction): Promise<Date> {
  const { rows } = await tx.execute<{ milliseconds: number }>(
    sql`select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as milliseconds`,
  )
  return new Date(rows[0]?.milliseconds ?? Number.NaN)
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
      hint: 'If it is yours, ask whoever runs the site to withdraw it: your signature and your registration show whose it was.',
    })
  }
  throw new BenchError({
    code: 'conflict',
    message: `Another run is published under the id ${runId}.`,
    path: runId,
    hint: `Its manifest has the digest ${present?.digest ?? 'unknown'}, yours ${manifestDigest}. Run the spec again to get an id of its own.`,
  })
}
