import { BenchError, type Track } from '@mate-bench/schema'
import {
  type Db,
  ensembleK,
  entries,
  entryIdOf,
  exitResults,
  refreshAggregates,
  runs,
  specs,
  storeErrorFromUnknown,
  type Transaction,
  tracks,
} from '@mate-bench/store'
import { eq, sql } from 'drizzle-orm'
import { type MadeUpRun, madeUpRuns } from './made-up-run.ts'
import { madeUpSpec } from './made-up-specs.ts'

export interface FillOptions {
  /** Entries that are there afterwards, where none were there before. */
  readonly entries: number
  readonly runsPerEntry: number
  readonly seed: number
  /** After each batch. */
  readonly onProgress?: (entriesDone: number) => void
}

export interface Filled {
  /** Runs written; those of the same options that were there already are not written again. */
  readonly runs: number
  readonly seconds: number
}

/** The intervals of what nobody measured are rough: true ones would take a quarter of an hour for 2,000 entries. */
const resamples = 100

/** A statement takes at most 65,535 parameters: so many entries stay far below, with ten runs and five exits each. */
const entriesAtOnce = 50

/**
 * Writes made-up entries, in one transaction: all or nothing. The same options give the same rows, and a larger
 * number of entries adds to those of a smaller one.
 *
 * @throws BenchError `conflict` for a database that holds a run that somebody trained, `storage`
 */
export async function fillDatabase(db: Db, options: FillOptions): Promise<Filled> {
  const began = performance.now()
  try {
    const written = await db.transaction(async (tx) => {
      // Nobody publishes a real run between this look and the commit.
      await tx.execute(sql`lock table ${runs} in share row exclusive mode`)
      await refuseRealRuns(tx)
      return await writeEntries(tx, options)
    })
    // As autovacuum would in a minute: plans are made for what is there.
    await db.execute(sql`analyze`)
    return { runs: written, seconds: (performance.now() - began) / 1000 }
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, {
      doing: 'writing made-up entries',
      retry: 'Nothing was changed: run the same command again.',
    })
  }
}

async function refuseRealRuns(tx: Transaction): Promise<void> {
  const [real] = await tx.select({ id: runs.id }).from(runs).where(eq(runs.synthetic, false)).limit(1)
  if (!real) return
  throw new BenchError({
    code: 'conflict',
    message: 'The database holds runs that somebody trained; made-up ones are never put beside them.',
    path: real.id,
    hint: 'Use another database: set MATE_BENCH_DB to a new folder, or DATABASE_URL to an empty database.',
  })
}

async function writeEntries(tx: Transaction, options: FillOptions): Promise<number> {
  const { entries: wanted, runsPerEntry, seed, onProgress } = options
  const changed = new Map<string, Set<string>>()
  let written = 0
  for (let start = 0; start < wanted; start += entriesAtOnce) {
    const end = Math.min(wanted, start + entriesAtOnce)
    const batch = Array.from({ length: end - start }, (_, i) =>
      madeUpRuns(madeUpSpec(seed, start + i, runsPerEntry), start + i),
    )
    for (const { entryId, trackDigest } of await writeBatch(tx, batch)) {
      const own = changed.get(trackDigest) ?? new Set()
      changed.set(trackDigest, own.add(entryId))
      written++
    }
    onProgress?.(end)
  }
  for (const [trackDigest, entryIds] of changed) {
    await refreshAggregates(tx, trackDigest, [...entryIds], { resamples })
  }
  return written
}

interface WrittenRun {
  readonly entryId: string
  readonly trackDigest: string
}

/** @param batch the runs of each entry; the time of the first is the entry's */
async function writeBatch(tx: Transaction, batch: readonly (readonly MadeUpRun[])[]): Promise<WrittenRun[]> {
  const firsts = batch.flatMap(([first]) => first?.manifest ?? [])
  const byDigest = new Map<string, Track>(firsts.map(({ track }) => [track.digest, track]))
  await tx
    .insert(tracks)
    .values(
      [...byDigest.values()].map((track) => ({
        digest: track.digest,
        dataset: track.dataset,
        document: track,
      })),
    )
    .onConflictDoNothing()
  await tx
    .insert(specs)
    .values(
      firsts.map(({ spec, specDigest, model, timing }) => ({
        digest: specDigest,
        name: spec.name,
        method: spec.method.name,
        backbone: spec.model.backbone.name,
        head: spec.model.head.name,
        dataset: spec.dataset.name,
        exits: model.exits.length,
        document: spec,
        publishedAt: new Date(timing.finishedAt),
      })),
    )
    .onConflictDoNothing()
  await tx
    .insert(entries)
    .values(
      firsts.map(({ track, specDigest, timing }) => ({
        id: entryIdOf(track.digest, specDigest),
        trackDigest: track.digest,
        specDigest,
        publishedAt: new Date(timing.finishedAt),
      })),
    )
    .onConflictDoNothing()
  const inserted = await tx
    .insert(runs)
    .values(
      batch.flat().map(({ manifest }) => ({
        id: manifest.runId,
        entryId: entryIdOf(manifest.track.digest, manifest.specDigest),
        seed: manifest.seed,
        tier: 'reported' as const,
        backend: manifest.environment.backend.name,
        parameters: manifest.model.parameters,
        wallSeconds: manifest.timing.wallSeconds,
        deterministic: manifest.deterministic,
        synthetic: true,
        startedAt: new Date(manifest.timing.startedAt),
        finishedAt: new Date(manifest.timing.finishedAt),
        publishedAt: new Date(manifest.timing.finishedAt),
        manifestDigest: manifest.manifestDigest,
        manifest,
      })),
    )
    .onConflictDoNothing()
    .returning({ entryId: runs.entryId })
  await tx.insert(exitResults).values(batch.flat().flatMap(exitRows)).onConflictDoNothing()
  const trackOf = new Map(
    firsts.map(({ track, specDigest }) => [entryIdOf(track.digest, specDigest), track.digest]),
  )
  return inserted.map(({ entryId }) => ({ entryId, trackDigest: trackOf.get(entryId) ?? '' }))
}

function exitRows({ manifest, exits, ensemble }: MadeUpRun): (typeof exitResults.$inferInsert)[] {
  const { runId, model, results } = manifest
  return [
    {
      runId,
      k: ensembleK,
      sequentialMacs: model.exits.at(-1)?.sequentialMacs ?? 0,
      ...results.ensemble,
      correct: ensemble,
    },
    ...model.exits.map(({ k, after, isolatedMacs, sequentialMacs, parameters }, i) => ({
      ...{ runId, k, after, isolatedMacs, sequentialMacs, parameters },
      ...(results.exits[i] ?? results.ensemble),
      correct: exits[i] ?? new Uint8Array(),
    })),
  ]
}
