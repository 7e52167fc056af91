import type { NodePlace } from '@mate-bench/provenance'
import {
  appendedNodes,
  canonicalJson,
  eventHash,
  type Nodes,
  placeName,
  readForAppend,
} from '@mate-bench/provenance'
import { type Envelope, type LedgerEvent, ledgerEventSchema } from '@mate-bench/schema'
import { and, desc, eq, or, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { ledgerEntries, ledgerNodes } from '../schema/index.ts'

/** An event without what the ledger adds to it. */
export type NewEvent = LedgerEvent extends infer Event
  ? Event extends LedgerEvent
    ? Omit<Event, 'version' | 'at'>
    : never
  : never

/**
 * Holds the ledger until the transaction ends: events have one order, without gaps. It is the last that a transaction
 * holds, so that nobody who waits for it has it.
 */
export async function lockLedger(tx: Db): Promise<void> {
  await tx.execute(sql`lock table ${ledgerEntries} in share row exclusive mode`)
}

/**
 * Writes an event down. The ledger must be held.
 *
 * @param evidence what its author signed of it
 * @returns its place, from 0
 */
export async function appendEvent(
  tx: Db,
  event: NewEvent,
  { evidence = null, now = new Date() }: { evidence?: Envelope | null; now?: Date | undefined } = {},
): Promise<number> {
  const [last] = await tx
    .select({ index: ledgerEntries.index, at: ledgerEntries.at })
    .from(ledgerEntries)
    .orderBy(desc(ledgerEntries.index))
    .limit(1)
  const size = last ? last.index + 1 : 0
  // A clock that was set back does not reorder what happened.
  const at = last && last.at > now ? last.at : now
  const written = ledgerEventSchema.parse({ version: 1, ...event, at: at.toISOString() })
  const { kind, runId, specDigest, experimentDigest, seed, key } = written
  await tx.insert(ledgerEntries).values({
    ...{ index: size, leaf: canonicalJson(written), kind, runId, specDigest, experimentDigest, seed, key },
    ...{ at, evidence },
  })
  const nodes = await readNodes(tx, readForAppend(size))
  await tx.insert(ledgerNodes).values(appendedNodes(size, eventHash(written), nodes))
  return size
}

/** Those complete subtrees, in one query. */
export async function readNodes(db: Pick<Db, 'select'>, places: readonly NodePlace[]): Promise<Nodes> {
  if (places.length === 0) return new Map()
  const rows = await db
    .select()
    .from(ledgerNodes)
    .where(
      or(
        ...places.map(({ level, index }) => and(eq(ledgerNodes.level, level), eq(ledgerNodes.index, index))),
      ),
    )
  return new Map(rows.map((row) => [placeName(row), row.hash]))
}
