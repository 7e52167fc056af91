import type { Db } from '../drivers/db.ts'
import { dataVersion } from '../schema/index.ts'

export interface DataVersion {
  /** Another one after every transaction that changed something public, whichever process made it. */
  readonly version: string
  readonly changedAt: Date
}

/** What state everything public is in: what was computed under a version holds as long as it does. */
export async function currentDataVersion(db: Db): Promise<DataVersion> {
  const [row] = await db
    .select({ version: dataVersion.version, changedAt: dataVersion.changedAt })
    .from(dataVersion)
  // The migration writes the row, and nothing deletes it.
  return row ?? { version: 'none', changedAt: new Date(0) }
}
