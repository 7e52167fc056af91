import { eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { entries, ledgerEntries, runs } from '../schema/index.ts'

/** How a run that was begun stands. */
export type RunStanding = 'started' | 'finished' | 'failed' | 'withdrawn'

export interface BegunRun {
  readonly runId: string
  readonly experimentDigest: string
  readonly seed: number
  readonly standing: RunStanding
  /** Whether the ledger knew of it before it trained. */
  readonly registered: boolean
  /** Why it failed or was withdrawn. */
  readonly reason: string | null
}

/** Every run of these experiments that was ever begun, by seed and then in the order of their starts. */
export async function begunRuns(
  db: Pick<Db, 'execute'>,
  experimentDigests: readonly string[],
): Promise<BegunRun[]> {
  if (experimentDigests.length === 0) return []
  const { rows } = await db.execute<{
    run_id: string
    experiment_digest: string
    seed: string
    standing: RunStanding
    registered: boolean
    reason: string | null
  }>(sql`
    select ${ledgerEntries.runId} as run_id, ${ledgerEntries.experimentDigest} as experiment_digest,
      ${ledgerEntries.seed}::text as seed,
      case when bool_or(${ledgerEntries.kind} = 'withdrawn') then 'withdrawn'
        when bool_or(${ledgerEntries.kind} = 'finished') then 'finished'
        when bool_or(${ledgerEntries.kind} = 'failed') then 'failed'
        else 'started' end as standing,
      bool_or(${ledgerEntries.leaf}::json ->> 'registered' = 'before-training') as registered,
      (array_agg(${ledgerEntries.leaf}::json ->> 'reason' order by ${ledgerEntries.index} desc)
        filter (where ${ledgerEntries.kind} in ('failed', 'withdrawn')))[1] as reason
    from ${ledgerEntries}
    where ${inArray(ledgerEntries.experimentDigest, [...experimentDigests])}
    group by ${ledgerEntries.runId}, ${ledgerEntries.experimentDigest}, ${ledgerEntries.seed}
    order by ${ledgerEntries.seed}, min(${ledgerEntries.index})`)
  return rows.map((row) => ({
    runId: row.run_id,
    experimentDigest: row.experiment_digest,
    seed: Number(row.seed),
    standing: row.standing,
    registered: row.registered ?? false,
    reason: row.standing === 'failed' || row.standing === 'withdrawn' ? row.reason : null,
  }))
}

/** Whether a row of `runs` is of a run that was withdrawn. */
export const isWithdrawn: SQL<boolean> = sql<boolean>`exists (
  select 1 from ${ledgerEntries} where ${eq(ledgerEntries.runId, runs.id)} and ${eq(ledgerEntries.kind, 'withdrawn')})`

/** Every run of these entries that was ever begun, by entry. */
export async function begunRunsOfEntries(
  db: Db,
  entryIds: readonly string[],
): Promise<ReadonlyMap<string, readonly BegunRun[]>> {
  if (entryIds.length === 0) return new Map()
  const rows = await db
    .select({ id: entries.id, experimentDigest: entries.experimentDigest })
    .from(entries)
    .where(inArray(entries.id, [...entryIds]))
  const begun = await begunRuns(
    db,
    rows.map(({ experimentDigest }) => experimentDigest),
  )
  return new Map(
    rows.map(({ id, experimentDigest }) => [
      id,
      begun.filter((run) => run.experimentDigest === experimentDigest),
    ]),
  )
}
