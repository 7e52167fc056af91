import {
  appendedNodes,
  canonicalJson,
  eventHash,
  openStart,
  placeName,
  verifyRunSignature,
} from '@mate-bench/provenance'
import { BenchError, type LedgerEvent, ledgerEventSchema, type Problem } from '@mate-bench/schema'
import { asc, eq, gte } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { ledgerEntries, ledgerNodes, runSignatures, runs, signingKeys } from '../schema/index.ts'

/** Several hundred bytes each. */
const eventsAtOnce = 1000

type Row = typeof ledgerEntries.$inferSelect

/**
 * Holds signatures and ledger of an import to what is signed and to each other, and builds the tree over the events anew:
 * an export has none. Whether a ledger is the one that others have seen is for its heads to say, which anybody may keep.
 *
 * @throws BenchError `verification-failed`
 */
export async function checkImportedLedger(tx: Transaction, folder: string): Promise<void> {
  const keys = new Map<string, Date>()
  const problems = [...(await checkSignatures(tx, keys)), ...(await buildTree(tx, keys))]
  if (problems.length > 0) {
    throw new BenchError({
      code: 'verification-failed',
      message: `The export in ${folder} does not hold: its ledger or its signatures were changed.`,
      path: folder,
      problems: problems.slice(0, 20),
      hint: 'Nothing was imported. Export again.',
    })
  }
  for (const [key, firstSeenAt] of keys) {
    await tx.insert(signingKeys).values({ key, owner: null, firstSeenAt }).onConflictDoNothing()
  }
}

async function checkSignatures(tx: Transaction, keys: Map<string, Date>): Promise<Problem[]> {
  const problems: Problem[] = []
  const ids = await tx
    .select({ runId: runSignatures.runId })
    .from(runSignatures)
    .orderBy(asc(runSignatures.runId))
  // One at a time: a manifest has tens of thousands of characters.
  for (const { runId } of ids) {
    const [row] = await tx
      .select({
        key: runSignatures.key,
        envelope: runSignatures.envelope,
        manifest: runs.manifest,
        at: runs.publishedAt,
      })
      .from(runSignatures)
      .innerJoin(runs, eq(runs.id, runSignatures.runId))
      .where(eq(runSignatures.runId, runId))
    const path = `runSignatures.${runId}`
    if (!row) continue
    try {
      const key = await verifyRunSignature(row.envelope, row.manifest)
      if (key !== row.key)
        problems.push({ path, message: `The signature is that of ${key}, not of ${row.key}.` })
      keys.set(key, earlier(keys.get(key), row.at))
    } catch (thrown) {
      if (!(thrown instanceof BenchError)) throw thrown
      problems.push({ path, message: thrown.message })
    }
  }
  return problems
}

async function buildTree(tx: Transaction, keys: Map<string, Date>): Promise<Problem[]> {
  const nodes = new Map<string, Uint8Array>()
  for (let size = 0, before = 0; ; ) {
    const rows = await tx
      .select()
      .from(ledgerEntries)
      .where(gte(ledgerEntries.index, size))
      .orderBy(asc(ledgerEntries.index))
      .limit(eventsAtOnce)
    if (rows.length === 0) return []
    const added: (typeof ledgerNodes.$inferInsert)[] = []
    for (const row of rows) {
      const { event, problem } = await readEvent(row, size, before)
      if (!event) return [{ path: `ledgerEntries.${row.index}`, message: problem }]
      for (const node of appendedNodes(size, eventHash(event), nodes)) {
        nodes.set(placeName(node), node.hash)
        added.push(node)
      }
      if (event.key !== null) keys.set(event.key, earlier(keys.get(event.key), row.at))
      before = row.at.getTime()
      size++
    }
    await tx.insert(ledgerNodes).values(added)
  }
}

type ReadEvent =
  | { readonly event: LedgerEvent; readonly problem?: never }
  | { readonly event?: never; readonly problem: string }

async function readEvent(row: Row, index: number, before: number): Promise<ReadEvent> {
  if (row.index !== index) return { problem: `Event ${index} is missing.` }
  let input: unknown
  try {
    input = JSON.parse(row.leaf)
  } catch {
    input = undefined
  }
  const { data: event } = ledgerEventSchema.safeParse(input)
  if (!event || canonicalJson(event) !== row.leaf) return { problem: 'It is no event of a ledger.' }
  const { kind, runId, specDigest, experimentDigest, seed, key } = event
  const own = { kind, runId, specDigest, experimentDigest, seed, key }
  const isRepeated = Object.entries(own).every(([column, value]) => Reflect.get(row, column) === value)
  if (!isRepeated || row.at.toISOString() !== event.at)
    return { problem: 'Its columns are not those of its leaf.' }
  if (row.at.getTime() < before) return { problem: 'It is older than the one before.' }
  if (row.evidence === null) return { event }
  try {
    const { keyId, start } = await openStart(row.evidence)
    const isOwn =
      keyId === key && start.runId === runId && start.specDigest === specDigest && start.seed === seed
    return isOwn ? { event } : { problem: 'What its author signed is of another run.' }
  } catch (thrown) {
    if (!(thrown instanceof BenchError)) throw thrown
    return { problem: thrown.message }
  }
}

function earlier(a: Date | undefined, b: Date): Date {
  return a && a < b ? a : b
}
