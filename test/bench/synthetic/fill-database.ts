import type { Manifest } from '@mate-bench/schema'
import {
  type Db,
  entries,
  entryRow,
  exitResults,
  exitRows,
  keepApart,
  refreshAggregates,
  runRow,
  runs,
  specRow,
  specs,
  storeErrorFromUnknown,
  type Transaction,
  trackRow,
  tracks,
} from '@mate-bench/store'
import { sql } from 'drizzle-orm'
import { type MadeUpRun, madeUpRuns } from './made-up-run.ts'
import { madeUpSpec } from './made-up-specs.ts'

export interface FillOptions {
  /** Entries that are there afterwards, where none were there before. */
  readonly entries: number
  readonly runsPerEntry: number
  readonly seed: number
  /** How many of them an earlier call with the same options has written: those are not made again. @default 0 */
  readonly present?: number
  /** After each batch. */
  readonly onProgress?: (entriesDone: number) => void
}

export interface Filled {
  /** Runs written; those of the same options that were there already are not written again. */
  readonly runs: number
  readonly seconds: number
}

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
      await keepApart(tx, true)
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

async function writeEntries(tx: Transaction, options: FillOptions): Promise<number> {
  const { entries: wanted, runsPerEntry, seed, present = 0, onProgress } = options
  const changed = new Map<string, Set<string>>()
  let written = 0
  for (let start = present; start < wanted; start += entriesAtOnce) {
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
    await refreshAggregates(tx, trackDigest, [...entryIds])
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
  const byDigest = new Map(firsts.map((manifest) => [manifest.track.digest, trackRow(manifest)]))
  const at = ({ timing }: Manifest) => new Date(timing.finishedAt)
  await tx
    .insert(tracks)
    .values([...byDigest.values()])
    .onConflictDoNothing()
  await tx
    .insert(specs)
    .values(firsts.map((manifest) => specRow(manifest, at(manifest))))
    .onConflictDoNothing()
  const own = firsts.map((manifest) => entryRow(manifest, at(manifest)))
  await tx.insert(entries).values(own).onConflictDoNothing()
  const publication = { tier: 'reported', synthetic: true } as const
  const inserted = await tx
    .insert(runs)
    .values(
      batch.flat().map(({ manifest }) => runRow(manifest, { ...publication, publishedAt: at(manifest) })),
    )
    .onConflictDoNothing()
    .returning({ entryId: runs.entryId })
  await tx
    .insert(exitResults)
    .values(batch.flat().flatMap((run) => exitRows(run.manifest, run)))
    .onConflictDoNothing()
  const trackOf = new Map(own.map(({ id, trackDigest }) => [id, trackDigest]))
  return inserted.map(({ entryId }) => ({ entryId, trackDigest: trackOf.get(entryId) ?? '' }))
}
