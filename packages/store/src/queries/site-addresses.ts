import { desc, eq } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { entries, entryAggregates, specs } from '../schema/index.ts'

/** What has a page of its own, and when it last became another. */
export interface SiteAddress {
  readonly id: string
  /** Of an entry: when the latest of its runs was published. */
  readonly updatedAt: Date
}

/** The newest entries and specs, at most so many of each, in a query each. A spec's id is its digest. */
export async function siteAddresses(
  db: Db,
  most: number,
): Promise<{ readonly entries: readonly SiteAddress[]; readonly specs: readonly SiteAddress[] }> {
  return {
    entries: await db
      .select({ id: entries.id, updatedAt: entryAggregates.publishedAt })
      .from(entries)
      .innerJoin(entryAggregates, eq(entryAggregates.entryId, entries.id))
      .orderBy(desc(entries.publishedAt), desc(entries.id))
      .limit(most),
    specs: await db
      .select({ id: specs.digest, updatedAt: specs.publishedAt })
      .from(specs)
      .orderBy(desc(specs.publishedAt), desc(specs.digest))
      .limit(most),
  }
}
