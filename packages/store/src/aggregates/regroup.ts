import { digestExperiment } from '@mate-bench/provenance'
import { eq } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { entryIdOf } from '../entry-id.ts'
import { entries, runs, specs } from '../schema/index.ts'

/**
 * Puts runs of one experiment into one entry, in a database where each spec had made an entry of its own. Postgres knows
 * no canonical JSON, so this follows the migration that left such entries with their spec's digest for the experiment's.
 * Their aggregates are computed again by whoever computes stale ones.
 */
export async function regroupEntries(tx: Transaction): Promise<void> {
  const former = await tx
    .select({
      id: entries.id,
      trackDigest: entries.trackDigest,
      specDigest: entries.specDigest,
      publishedAt: entries.publishedAt,
      spec: specs.document,
    })
    .from(entries)
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .where(eq(entries.experimentDigest, entries.specDigest))
    .orderBy(entries.publishedAt, entries.id)
  for (const { id: formerId, spec, ...row } of former) {
    const experimentDigest = digestExperiment(spec)
    const id = entryIdOf(row.trackDigest, experimentDigest)
    // In the order in which they were published: the first says since when there is the entry.
    await tx
      .insert(entries)
      .values({ id, experimentDigest, ...row })
      .onConflictDoNothing()
    await tx.update(runs).set({ entryId: id }).where(eq(runs.entryId, formerId))
    await tx.delete(entries).where(eq(entries.id, formerId))
  }
}
