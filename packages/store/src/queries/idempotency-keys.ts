import { BenchError } from '@mate-bench/schema'
import { and, eq, lt } from 'drizzle-orm'
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
 * Does `work` once for a key, in the transaction `tx`: a repeated request gets the first one's answer. Of two at
 * once the second waits for the first's transaction, since both insert the same row.
 *
 * @throws BenchError `conflict` for a key that was used with another request
 */
export async function answerOnce(
  tx: Db,
  { tokenId, key, requestDigest, now }: IdempotentRequest,
  work: () => Promise<Answer>,
): Promise<Answer & { readonly replayed: boolean }> {
  const mine = and(eq(idempotencyKeys.tokenId, tokenId), eq(idempotencyKeys.key, key))
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
  const [first] = await tx.select().from(idempotencyKeys).where(mine)
  if (first?.status != null && first.requestDigest === requestDigest) {
    return { status: first.status, body: first.response, replayed: true }
  }
  throw new BenchError({
    code: 'conflict',
    message: 'This Idempotency-Key was used before with another request.',
    path: 'Idempotency-Key',
    hint: 'Use a new key for a new request; repeat a key only to repeat the very same request.',
  })
}
