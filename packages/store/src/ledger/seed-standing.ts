import type { Scope } from '@mate-bench/schema'
import { arrayOverlaps, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import {
  apiTokens,
  entries,
  ledgerEntries,
  runSignatures,
  runs,
  signingKeys,
  trainingJobs,
} from '../schema/index.ts'

/** How a run that was begun stands. */
export type RunStanding = 'started' | 'finished' | 'failed' | 'withdrawn'

export interface BegunRun {
  readonly runId: string
  readonly experimentDigest: string
  readonly seed: number
  readonly standing: RunStanding
  /** Whether the ledger knew of it before it trained. */
  readonly registered: boolean
  /**
   * Whether those answer for it who have published runs of the experiment, or who run the site: anybody else with a token
   * can begin runs of somebody's entry and never finish them.
   */
  readonly trusted: boolean
  /** Why it failed or was withdrawn. */
  readonly reason: string | null
}

/** Every run of these experiments that was ever begun, by seed and then in the order of their starts. */
export async function begunRuns(
  db: Pick<Db, 'execute'>,
  experimentDigests: readonly string[],
): Promise<BegunRun[]> {
  if (experimentDigests.length === 0) return []
  const { rows } = await db.execute<StandingRow>(
    sql`select * from (${standings(experimentDigests)}) as begun order by seed, first_index`,
  )
  return rows.map((row) => ({
    runId: row.run_id,
    experimentDigest: row.experiment_digest,
    seed: Number(row.seed),
    standing: row.standing,
    registered: row.registered ?? false,
    trusted: row.trusted ?? false,
    reason: row.standing === 'failed' || row.standing === 'withdrawn' ? row.reason : null,
  }))
}

/** Begun runs of an entry whose seeds have nothing published. */
export interface MissingRuns {
  readonly count: number
  /** The first of them, by seed. */
  readonly first: readonly Pick<BegunRun, 'seed' | 'standing'>[]
}

/** How many missing runs of an entry are named: a key can begin hundreds. */
const namedAtMost = 10

/** What was begun and is not published, by entry, of those whose starts are trusted; entries that miss nothing are left out. */
export async function missingRunsOfEntries(
  db: Pick<Db, 'execute'>,
  entryIds: readonly string[],
): Promise<ReadonlyMap<string, MissingRuns>> {
  if (entryIds.length === 0) return new Map()
  const wanted = sql`select ${entries.experimentDigest} from ${entries} where ${inArray(entries.id, [...entryIds])}`
  const { rows } = await db.execute<{ id: string; seed: string; standing: RunStanding; count: string }>(sql`
    with begun as (${standings(wanted)}),
    missing as (
      select *, row_number() over of_experiment as place,
        count(*) over (partition by experiment_digest)::text as count
      from begun
      where trusted and (experiment_digest, seed) not in (
        select experiment_digest, seed from begun where standing = 'finished')
      window of_experiment as (partition by experiment_digest order by seed, first_index))
    select ${entries.id} as id, missing.seed::text as seed, missing.standing, missing.count
    from missing join ${entries} on ${entries.experimentDigest} = missing.experiment_digest
    where missing.place <= ${namedAtMost} and ${inArray(entries.id, [...entryIds])}
    order by ${entries.id}, missing.place`)
  const found = new Map<string, { count: number; first: Pick<BegunRun, 'seed' | 'standing'>[] }>()
  for (const { id, seed, standing, count } of rows) {
    const own = found.get(id) ?? { count: Number(count), first: [] }
    own.first.push({ seed: Number(seed), standing })
    found.set(id, own)
  }
  return found
}

type StandingRow = {
  run_id: string
  experiment_digest: string
  seed: string
  standing: RunStanding
  registered: boolean | null
  trusted: boolean | null
  reason: string | null
}

/** A row a run that was begun. */
function standings(experiments: readonly string[] | SQL): SQL {
  const among = Array.isArray(experiments)
    ? inArray(ledgerEntries.experimentDigest, [...experiments])
    : sql`${ledgerEntries.experimentDigest} in (${experiments})`
  return sql`
    select ${ledgerEntries.runId} as run_id, ${ledgerEntries.experimentDigest} as experiment_digest,
      ${ledgerEntries.seed} as seed, min(${ledgerEntries.index}) as first_index,
      case when bool_or(${ledgerEntries.kind} = 'withdrawn') then 'withdrawn'
        when bool_or(${ledgerEntries.kind} = 'finished') then 'finished'
        when bool_or(${ledgerEntries.kind} = 'failed') then 'failed'
        else 'started' end as standing,
      bool_or(${ledgerEntries.leaf}::json ->> 'registered' = 'before-training') as registered,
      bool_or(${isTrusted}) as trusted,
      (array_agg(${ledgerEntries.leaf}::json ->> 'reason' order by ${ledgerEntries.index} desc)
        filter (where ${ledgerEntries.kind} in ('failed', 'withdrawn')))[1] as reason
    from ${ledgerEntries}
    where ${among}
    group by ${ledgerEntries.runId}, ${ledgerEntries.experimentDigest}, ${ledgerEntries.seed}`
}

const operators: readonly Scope[] = ['approve', 'admin']

/**
 * Whose event of the ledger is trusted: of a run that was published here or that a container trains; of the site's workers,
 * which sign no start; of a key that has signed a run of the experiment, or is of the same owner as one; of an operator's key.
 */
const isTrusted: SQL<boolean> = sql<boolean>`(
  exists (select 1 from ${runs} where ${runs.id} = ${ledgerEntries.runId})
  or exists (select 1 from ${trainingJobs} where ${trainingJobs.runId} = ${ledgerEntries.runId})
  or (${ledgerEntries.kind} = 'started' and ${ledgerEntries.key} is not null and (
    ${ledgerEntries.evidence} is null
    or exists (
      select 1 from ${entries}
      join ${runs} on ${runs.entryId} = ${entries.id}
      join ${runSignatures} on ${runSignatures.runId} = ${runs.id}
      where ${entries.experimentDigest} = ${ledgerEntries.experimentDigest}
        and (${runSignatures.key} = ${ledgerEntries.key} or exists (
          select 1 from ${signingKeys} as own join ${signingKeys} as maker on maker.owner = own.owner
          where own.key = ${ledgerEntries.key} and maker.key = ${runSignatures.key})))
    or exists (
      select 1 from ${apiTokens}
      where ${apiTokens.key} = ${ledgerEntries.key} and ${arrayOverlaps(apiTokens.scopes, [...operators])}))))`

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
