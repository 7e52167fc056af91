import {
  consistencyRanges,
  hashName,
  inclusionRanges,
  type LeafRange,
  rangeRoot,
  subtreesOf,
} from '@mate-bench/provenance'
import {
  BenchError,
  type Envelope,
  type LedgerEvent,
  type LedgerKind,
  type TreeHead,
} from '@mate-bench/schema'
import { and, asc, eq, gt, gte, max, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../drivers/db.ts'
import { cutPage, decodeCursor, type Page, pageSize } from '../queries/cursor.ts'
import { ledgerEntries } from '../schema/index.ts'
import { readNodes } from './append-event.ts'

type Reader = Pick<Db, 'select'>

/** How many events there are. */
export async function ledgerSize(db: Reader): Promise<number> {
  const [row] = await db.select({ last: max(ledgerEntries.index) }).from(ledgerEntries)
  return row?.last === null || row?.last === undefined ? 0 : row.last + 1
}

/**
 * The head of the ledger, as it is or was with so many events.
 * @throws BenchError `not-found` for more than there are
 */
export async function treeHead(db: Reader, size?: number): Promise<TreeHead> {
  const present = await ledgerSize(db)
  const treeSize = size ?? present
  refuseBeyond(treeSize, present)
  const [root] = await rootsOf(db, [{ start: 0, end: treeSize }])
  const at = treeSize === 0 ? null : (await eventAt(db, treeSize - 1)).event.at
  return { version: 1, treeSize, rootHash: root ?? '', at }
}

export interface LedgerEntry {
  readonly index: number
  readonly event: LedgerEvent
  /** What its author signed of it; null where nothing was signed. */
  readonly evidence: Envelope | null
}

/** @throws BenchError `not-found` */
export async function eventAt(db: Reader, index: number): Promise<LedgerEntry> {
  const [row] = await db.select(columns).from(ledgerEntries).where(eq(ledgerEntries.index, index))
  if (row) return entryOf(row)
  throw new BenchError({ code: 'not-found', message: `The ledger has no event ${index}.` })
}

export interface LedgerFilter {
  readonly runId?: string | undefined
  readonly specDigest?: string | undefined
  readonly experimentDigest?: string | undefined
  readonly kind?: LedgerKind | undefined
  /** First event that is wanted. @default 0 */
  readonly from?: number | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/** Events in their order, oldest first. */
export async function listEvents(db: Reader, filter: LedgerFilter = {}): Promise<Page<LedgerEntry>> {
  const limit = pageSize(filter.limit)
  const conditions: SQL[] = []
  if (filter.runId !== undefined) conditions.push(eq(ledgerEntries.runId, filter.runId))
  if (filter.specDigest !== undefined) conditions.push(eq(ledgerEntries.specDigest, filter.specDigest))
  if (filter.experimentDigest !== undefined) {
    conditions.push(eq(ledgerEntries.experimentDigest, filter.experimentDigest))
  }
  if (filter.kind !== undefined) conditions.push(eq(ledgerEntries.kind, filter.kind))
  if (filter.from !== undefined) conditions.push(gte(ledgerEntries.index, filter.from))
  if (filter.cursor !== undefined) {
    const [behind] = decodeCursor(filter.cursor, z.tuple([z.int().min(0)]))
    conditions.push(gt(ledgerEntries.index, behind))
  }
  const rows = await db
    .select(columns)
    .from(ledgerEntries)
    .where(and(...conditions))
    .orderBy(asc(ledgerEntries.index))
    .limit(limit + 1)
  return cutPage(rows.map(entryOf), limit, ({ index }) => [index])
}

/**
 * Proof that an event is among the first `size`.
 * @returns hashes of its path, leaf to root
 * @throws BenchError `not-found` for an event or a size that there is not
 */
export async function inclusionPath(db: Reader, index: number, size: number): Promise<string[]> {
  refuseBeyond(size, await ledgerSize(db))
  refuseBeyond(index + 1, size)
  return await rootsOf(db, inclusionRanges(index, size))
}

/**
 * Proof that the first `first` events are the beginning of the first `second`.
 * @throws BenchError `not-found` for sizes that there are not
 */
export async function consistencyPath(db: Reader, first: number, second: number): Promise<string[]> {
  refuseBeyond(second, await ledgerSize(db))
  refuseBeyond(first, second)
  return first === 0 ? [] : await rootsOf(db, consistencyRanges(first, second))
}

async function rootsOf(db: Reader, ranges: readonly LeafRange[]): Promise<string[]> {
  const nodes = await readNodes(db, ranges.flatMap(subtreesOf))
  return ranges.map((range) => hashName(rangeRoot(range, nodes)))
}

function refuseBeyond(wanted: number, present: number): void {
  if (wanted <= present) return
  throw new BenchError({
    code: 'not-found',
    message: `The ledger has ${present} events there, not ${wanted}.`,
    hint: 'Ask for the head first: it says how many there are.',
  })
}

const columns = { index: ledgerEntries.index, leaf: ledgerEntries.leaf, evidence: ledgerEntries.evidence }

function entryOf({
  index,
  leaf,
  evidence,
}: {
  index: number
  leaf: string
  evidence: Envelope | null
}): LedgerEntry {
  return { index, event: JSON.parse(leaf) as LedgerEvent, evidence }
}
