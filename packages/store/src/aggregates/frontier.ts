import { createFrontierCount } from '@mate-bench/stats'
import { eq, sql } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { bytesToFloats, floatsToBytes } from '../float-bytes.ts'
import { hasDisputedRun } from '../queries/verdicts.ts'
import { exitResamples } from '../schema/index.ts'

interface KeptEntry {
  /** As `resampleEntry` gives it. */
  readonly top1: readonly Float32Array[]
  readonly entryId: string
  readonly trackDigest: string
  /** How many seeds count. */
  readonly seeds: number
  readonly exits: readonly {
    readonly k: number
    readonly sequentialMacs: number
    readonly top1: { readonly mean: number }
  }[]
}

/** Keeps what the frontier of the track needs of an entry, in the place of what was kept before. */
export async function keepResamples(
  tx: Transaction,
  { entryId, trackDigest, seeds, exits, top1 }: KeptEntry,
): Promise<void> {
  await tx.delete(exitResamples).where(eq(exitResamples.entryId, entryId))
  await tx.insert(exitResamples).values(
    exits.map(({ k, sequentialMacs, top1: { mean } }, i) => {
      const values = top1[i] ?? new Float32Array()
      const lowest = values.reduce((least, value) => Math.min(least, value), 1)
      const highest = values.reduce((most, value) => Math.max(most, value), 0)
      const costed = { entryId, k, trackDigest, sequentialMacs, mean, seeds }
      return { ...costed, lowest, highest, top1: floatsToBytes(values) }
    }),
  )
}

/** Their resamples are 2 MB. */
const exitsAtOnce = 256

/**
 * How firmly the exits of a track are on its frontier, by entry id; without the entries that are on it in no resample,
 * and without those that a check disputes. Resamples are read in batches, cheapest exits first.
 *
 * @param batch of how many exits the resamples are in memory
 */
export async function readFrontierShares(
  tx: Transaction,
  trackDigest: string,
  batch = exitsAtOnce,
): Promise<Record<string, readonly number[]>> {
  const candidates = await readCandidates(tx, trackDigest)
  const frontier = createFrontierCount<Candidate>()
  for (let start = 0; start < candidates.length; start += batch) {
    const floor = frontier.floor()
    const exits = candidates.slice(start, start + batch).filter(({ highest }) => highest >= floor)
    for (const { exit, top1 } of await readTop1(tx, trackDigest, exits)) frontier.add(exit, { ...exit, top1 })
  }
  const shares = frontier.shares()
  const found: Record<string, number[]> = {}
  for (const exit of candidates) {
    const share = shares.get(exit)
    if (share === undefined) continue
    const { entryId, k, exits } = exit
    found[entryId] ??= new Array<number>(exits).fill(0)
    const own = found[entryId]
    own[k - 1] = share
  }
  return found
}

interface Candidate {
  readonly entryId: string
  readonly k: number
  /** How many the entry has. */
  readonly exits: number
  readonly sequentialMacs: number
  /** Top-1 of the resample where it is highest. */
  readonly highest: number
}

/**
 * Exits that may be on the frontier, by cost. Most never are: somewhere is one that costs no more and whose lowest top-1 is
 * above their highest. Such a one is itself a candidate, or beaten likewise by one that is, so those left out change nothing
 * for the others.
 */
async function readCandidates(tx: Transaction, trackDigest: string): Promise<Candidate[]> {
  const { rows } = await tx.execute<{
    entry_id: string
    k: number
    exits: number
    sequential_macs: number
    highest: number
  }>(sql`
    select entry_id, k, exits::int as exits, sequential_macs, highest
    from (
      select *, count(*) over (partition by entry_id) as exits, max(lowest) over (order by sequential_macs) as reached
      from ${exitResamples}
      where ${exitResamples.trackDigest} = ${trackDigest} and not ${hasDisputedRun(exitResamples.entryId)}
    ) as points
    where highest >= reached
    order by sequential_macs, entry_id collate "C", k`)
  return rows.map(({ entry_id, sequential_macs, ...exit }) => ({
    ...{ entryId: entry_id, sequentialMacs: sequential_macs, ...exit },
  }))
}

/** In the order of the exits. */
async function readTop1(
  tx: Transaction,
  trackDigest: string,
  exits: readonly Candidate[],
): Promise<{ exit: Candidate; top1: Float32Array }[]> {
  if (exits.length === 0) return []
  const wanted = exits.map(({ entryId, k }, place) => sql`(${entryId}, ${k}::int, ${place}::int)`)
  const { rows } = await tx.execute<{ place: number; top1: Uint8Array }>(sql`
    select place, top1
    from (values ${sql.join(wanted, sql`, `)}) as wanted (entry_id, k, place)
    inner join ${exitResamples} using (entry_id, k)
    where track_digest = ${trackDigest}
    order by place`)
  return rows.flatMap(({ place, top1 }) => {
    const exit = exits[place]
    return exit ? [{ exit, top1: bytesToFloats(top1) }] : []
  })
}
