import { desc } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { entries, specs } from '../schema/index.ts'

/** What has a page of its own, and since when. */
export interface SiteAddress {
  readonly id: string
  readonly publishedAt: Date
}

/** The newest entries and specs, at most so many of each, in a query each. A spec's id is its digest. */
export async function siteAddresses(
  db: Db,
  most: number,
): Promise<{ readonly entries: readonly SiteAddress[]; readonly specs: readonly SiteAddress[] }> {
  return {
    entries: await db
      .select({ id: entries.id, publishedAt: entries.publishedAt })
      .from(entries)
      .orderBy(desc(entries.publishedAt), desc(entries.id))
      .limit(most),
    specs: await db
      .select({ id: specs.digest, publishedAt: specs.publishedAt })
      .from(specs)
      .orderBy(desc(specs.publishedAt), desc(specs.digest))
      .limit(most),
  }
}
