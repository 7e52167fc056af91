import type { Scope } from '@mate-bench/schema'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { formatToken, hashSecret, newTokenText, secretMatches, type TokenText } from '../access/token-text.ts'
import type { Db } from '../drivers/db.ts'
import { apiTokens } from '../schema/index.ts'

/** What is known of a token besides its secret. */
export interface TokenRecord {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly scopes: readonly Scope[]
  /** The key that it is bound to; null until its first signed request. */
  readonly key: string | null
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
  readonly lastUsedAt: Date | null
}

const columns = {
  id: apiTokens.id,
  name: apiTokens.name,
  owner: apiTokens.owner,
  scopes: apiTokens.scopes,
  key: apiTokens.key,
  createdAt: apiTokens.createdAt,
  expiresAt: apiTokens.expiresAt,
  revokedAt: apiTokens.revokedAt,
  lastUsedAt: apiTokens.lastUsedAt,
}

export interface NewToken {
  readonly name: string
  readonly owner: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date
}

/** @returns the token's text, which is shown this once and kept nowhere */
export async function createToken(db: Db, token: NewToken): Promise<{ id: string; token: string }> {
  const text = newTokenText()
  await db
    .insert(apiTokens)
    .values({ ...token, id: text.id, scopes: [...token.scopes], secretHash: hashSecret(text.secret) })
  return { id: text.id, token: formatToken(text) }
}

export type TokenCheck =
  | { readonly ok: true; readonly token: TokenRecord }
  | { readonly ok: false; readonly reason: 'unknown' | 'expired' | 'revoked' }

/** Stands in for the row of an id that does not exist, so that such an id takes the same path as a wrong secret. */
const nobody = hashSecret('')

/** Whether the token is good at `now`. That it expired or was revoked is told only to who knows the secret. */
export async function checkToken(db: Db, { id, secret }: TokenText, now: Date): Promise<TokenCheck> {
  const [row] = await db
    .select({ ...columns, secretHash: apiTokens.secretHash })
    .from(apiTokens)
    .where(eq(apiTokens.id, id))
  const matches = secretMatches(secret, row?.secretHash ?? nobody)
  if (!row || !matches) return { ok: false, reason: 'unknown' }
  if (row.revokedAt) return { ok: false, reason: 'revoked' }
  if (row.expiresAt <= now) return { ok: false, reason: 'expired' }
  await db.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, id))
  const { secretHash: _, ...token } = row
  return { ok: true, token }
}

/** Newest first. */
export async function listTokens(db: Db): Promise<TokenRecord[]> {
  return await db.select(columns).from(apiTokens).orderBy(desc(apiTokens.createdAt), apiTokens.id)
}

/** @returns false where there is no such token, or it is revoked already */
export async function revokeToken(db: Db, id: string, now: Date): Promise<boolean> {
  const revoked = await db
    .update(apiTokens)
    .set({ revokedAt: now })
    .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt)))
    .returning({ id: apiTokens.id })
  return revoked.length > 0
}
