import { frontierStability } from '@mate-bench/stats'
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

/**
 * How firmly the exits of a track are on its frontier, by entry id; without the entries that are on it in no resample,
 * and without those that a check disputes.
 *
 * Most exits never are: somewhere is one that costs no more and whose lowest top-1 is above their highest. Such a one
 * is itself read, or beaten likewise by one that is, so those left out change nothing for the others.
 */
export async function readFrontierShares(
  tx: Transaction,
  trackDigest: string,
): Promise<Record<string, readonly number[]>> {
  const { rows } = await tx.execute<{
    entry_id: string
    k: number
    exits: number
    sequential_macs: number
    top1: Uint8Array
  }>(sql`
    select entry_id, k, exits::int as exits, sequential_macs, top1
    from (
      select *, count(*) over (partition by entry_id) as exits, max(lowest) over (order by sequential_macs) as reached
      from ${exitResamples}
      where ${exitResamples.trackDigest} = ${trackDigest} and not ${hasDisputedRun(exitResamples.entryId)}
    ) as points
    where highest >= reached
    order by entry_id collate "C", k`)
  const shares = frontierStability(
    rows.map(({ sequential_macs, top1 }) => ({ sequentialMacs: sequential_macs, top1: bytesToFloats(top1) })),
  )
  const found: Record<string, number[]> = {}
  for (const [i, { entry_id, k, exits }] of rows.entries()) {
    const share = shares[i] ?? 0
    if (share === 0) continue
    found[entry_id] ??= new Array<number>(exits).fill(0)
    const own = found[entry_id]
    own[k - 1] = share
  }
  return found
}
