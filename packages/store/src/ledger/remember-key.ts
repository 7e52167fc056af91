import { and, eq, isNull, or } from 'drizzle-orm'
import type { Db, Transaction } from '../drivers/db.ts'
import { apiTokens, signingKeys } from '../schema/index.ts'

/** Writes down a key that has signed something, and whose it is once that is known: its first owner stays. */
export async function rememberKey(
  tx: Pick<Transaction, 'insert'>,
  key: string,
  now: Date,
  owner: string | null = null,
): Promise<void> {
  const row = tx.insert(signingKeys).values({ key, owner, firstSeenAt: now })
  if (owner === null) await row.onConflictDoNothing()
  else {
    const known = isNull(signingKeys.owner)
    await row.onConflictDoUpdate({ target: signingKeys.key, set: { owner }, setWhere: known })
  }
}

/**
 * Binds a token to the key of its first signed request: whoever has the token alone cannot speak for another key, nor
 * without one.
 *
 * @param key null for a request that is not signed
 * @returns false where the token is bound to another key
 */
export async function bindToken(
  db: Db,
  token: { readonly id: string; readonly owner: string },
  key: string | null,
  now: Date,
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const isOwn = eq(apiTokens.id, token.id)
    if (key === null) {
      const free = await tx
        .select({ id: apiTokens.id })
        .from(apiTokens)
        .where(and(isOwn, isNull(apiTokens.key)))
      return free.length > 0
    }
    const bound = await tx
      .update(apiTokens)
      .set({ key })
      .where(and(isOwn, or(isNull(apiTokens.key), eq(apiTokens.key, key))))
      .returning({ id: apiTokens.id })
    if (bound.length > 0) await rememberKey(tx, key, now, token.owner)
    return bound.length > 0
  })
}
