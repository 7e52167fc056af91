import { BenchError } from '@mate-bench/schema'
import { and, eq, gte, lt } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { idempotencyKeys } from '../schema/index.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface IdempotentRequest {
  readonly tokenId: string
  readonly key: string
  /** Of everything that decides the answer. */
  readonly requestDigest: string
  readonly now: Date
}

/** How long a key is remembered. */
const rememberedMilliseconds = 24 * 3600 * 1000

/**
 * The answer that the first request under this key got, where there was one: what may refuse a request asks for it
 * first, so that a repeated one is answered alike whatever has changed since.
 *
 * @throws BenchError `conflict` for a key that was used with another request
 */
export async function firstAnswer(db: Db, request: IdempotentRequest): Promise<Answer | undefined> {
  const [first] = await db
    .select()
    .from(idempotencyKeys)
    .where(and(sameKey(request), gte(idempotencyKeys.expiresAt, request.now)))
  if (!first) return undefined
  if (first.status == null || first.requestDigest !== request.requestDigest) throw usedOtherwise()
  return { status: first.status, body: first.response }
}

/**
 * Does `work` once for a key, in the transaction `tx`: a repeated request gets the first one's answer. Of two at
 * once the second waits for the first's transaction, since both insert the same row.
 *
 * @throws BenchError `conflict` for a key that was used with another request
 */
export async function answerOnce(
  tx: Db,
  request: IdempotentRequest,
  work: () => Promise<Answer>,
): Promise<Answer & { readonly replayed: boolean }> {
  const { tokenId, key, requestDigest, now } = request
  const mine = sameKey(request)
  await tx.delete(idempotencyKeys).where(and(mine, lt(idempotencyKeys.expiresAt, now)))
  const inserted = await tx
    .insert(idempotencyKeys)
    .values({
      tokenId,
      key,
      requestDigest,
      createdAt: now,
      expiresAt: new Date(now.getTime() + rememberedMilliseconds),
    })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key })
  if (inserted.length > 0) {
    const answer = await work()
    await tx.update(idempotencyKeys).set({ status: answer.status, response: answer.body }).where(mine)
    return { ...answer, replayed: false }
  }
  const first = await firstAnswer(tx, request)
  if (!first) throw usedOtherwise()
  return { ...first, replayed: true }
}

function sameKey({ tokenId, key }: IdempotentRequest) {
  return and(eq(idempotencyKeys.tokenId, tokenId), eq(idempotencyKeys.key, key))
}

function usedOtherwise(): BenchError {
  return new BenchError({
    code: 'conflict',
    message: 'This Idempotency-Key was used before with another request.',
    path: 'Idempotency-Key',
    hint: 'Use a new key for a new request; repeat a key only to repeat the very same request.',
  })
}
