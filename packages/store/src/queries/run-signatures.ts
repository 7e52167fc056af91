import type { Envelope } from '@mate-bench/schema'
import { asc, count, eq } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { runSignatures, signingKeys } from '../schema/index.ts'

export interface RunSignature {
  readonly key: string
  readonly envelope: Envelope
}

/** Who answers for a run; undefined where nobody signed it, or there is no such run. */
export async function signatureOfRun(
  db: Pick<Db, 'select'>,
  runId: string,
): Promise<RunSignature | undefined> {
  const [row] = await db
    .select({ key: runSignatures.key, envelope: runSignatures.envelope })
    .from(runSignatures)
    .where(eq(runSignatures.runId, runId))
  return row
}

/** A key that has signed something here, with whose it is. */
export async function findKey(
  db: Pick<Db, 'select'>,
  key: string,
): Promise<{ readonly key: string; readonly owner: string | null } | undefined> {
  const [row] = await db
    .select({ key: signingKeys.key, owner: signingKeys.owner })
    .from(signingKeys)
    .where(eq(signingKeys.key, key))
  return row
}

export interface KnownKey {
  readonly key: string
  /** Whose token it was bound to first; null where it is known from its runs alone. */
  readonly owner: string | null
  readonly firstSeenAt: Date
  /** How many published runs it signed. */
  readonly runs: number
}

/** Every key that has signed something here, in the order in which they came. */
export async function listKeys(db: Pick<Db, 'select'>): Promise<KnownKey[]> {
  return await db
    .select({
      key: signingKeys.key,
      owner: signingKeys.owner,
      firstSeenAt: signingKeys.firstSeenAt,
      runs: count(runSignatures.runId),
    })
    .from(signingKeys)
    .leftJoin(runSignatures, eq(runSignatures.key, signingKeys.key))
    .groupBy(signingKeys.key)
    .orderBy(asc(signingKeys.firstSeenAt), asc(signingKeys.key))
}
