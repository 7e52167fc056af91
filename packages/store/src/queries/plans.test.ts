import { aggregateVersion, type EntryAggregate } from '@mate-bench/stats'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFrontierShares } from '../aggregates/frontier.ts'
import { refreshStale } from '../aggregates/refresh.ts'
import type { Db } from '../drivers/db.ts'
import { keepApart } from '../publish/keep-apart.ts'
import * as schema from '../schema/index.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { encodeCursor } from './cursor.ts'
import { findEntry, listEntries } from './entries.ts'
import { entryRuns } from './entry-runs.ts'
import { exitsOfRuns, findRun, listRuns, runsOfEntry } from './runs.ts'
import { listSpecs } from './specs.ts'
import { findTableRow, imageSums, trackTable } from './track-table.ts'

const digits = (i: number) => String(i).padStart(20, '0')
const entryId = (i: number) => `entry_${digits(i)}`
const runId = (i: number) => `run_${digits(i)}`

interface Sent {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Plans are made by a server; the driver has no say in them. */
const servers = testDrivers.filter((driver) => driver !== 'vercel')

describe.each(servers)('plans of Postgres (%s)', (server) => {
  let store: TestStore
  let pool: pg.Pool
  let db: Db
  const sent: Sent[] = []

  beforeAll(async () => {
    store = await openTestStore(server)
    await fill(store.db)
    pool = new pg.Pool({ connectionString: store.url })
    const logger = { logQuery: (text: string, values: unknown[]) => void sent.push({ text, values }) }
    db = drizzle(pool, { schema, logger })
  })
  afterAll(async () => {
    await pool.end()
    await store.close()
  })

  /** The plans of all reads that the work sends, with its own values. */
  async function plansOf(work: () => Promise<unknown>): Promise<string> {
    sent.length = 0
    await work()
    const reads = sent.filter(({ text }) => /^\s*select\b/i.test(text))
    expect(reads.length).toBeGreaterThan(0)
    const plans: string[] = []
    for (const { text, values } of reads) {
      const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...values])
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    }
    return plans.join('\n')
  }

  const tx = (work: (tx: Parameters<Parameters<Db['transaction']>[0]>[0]) => Promise<unknown>) => () =>
    db.transaction(work)

  it.each<[what: string, work: () => Promise<unknown>]>([
    ['the runs of an entry, for its aggregates', () => entryRuns(db, [entryId(7)])],
    ['exits of some runs', () => exitsOfRuns(db, [1, 2, 3].map(runId))],
    ['what the entries of a table are compared by', async () => imageSums(db, rowsOf(40))],
    ['the table of a track', () => trackTable(db, 't7')],
    ['a row of a table', () => findTableRow(db, entryId(7))],
    ['an entry', () => findEntry(db, entryId(7))],
    ['a run', () => findRun(db, runId(7))],
    ['the runs of an entry, with manifests', () => runsOfEntry(db, entryId(7))],
    ['the newest runs', () => listRuns(db)],
    ['the newest entries', () => listEntries(db)],
    ['entries of a rare dataset', () => listEntries(db, { dataset: 'd7' })],
    ['specs of a rare dataset', () => listSpecs(db, { dataset: 'd7' })],
    ['specs of a rare backbone', () => listSpecs(db, { backbone: 'b7' })],
    ['runs of the other kind', tx((inside) => keepApart(inside, true).catch(() => {}))],
    ['the frontier of a track', tx((inside) => readFrontierShares(inside, 't7'))],
  ])('find %s by an index', async (_, work) => {
    expect(await plansOf(work)).not.toMatch(
      /Seq Scan on "?(exit_results|exit_resamples|exit_image_sums|entry_aggregates|runs|specs)\b/,
    )
  })

  it('enter a list behind the last row that was given, and do not read up to it', async () => {
    const cursor = encodeCursor([new Date(Date.UTC(2026, 0, 1, 0, 40)).toISOString(), runId(2400)])
    const plan = await plansOf(() => listRuns(db, { cursor }))
    expect(plan).toMatch(/Index Cond: .*ROW\(published_at, id\) < ROW/)
  })

  it('read no exit to see that nothing is stale', async () => {
    expect(await plansOf(tx((inside) => refreshStale(inside)))).not.toMatch(
      /exit_results|exit_resamples|exit_image_sums/,
    )
  })
})

/** Enough rows that reading all would be the dearer way: 100 tracks of 10 entries, 5 runs each. */
async function fill(db: Db): Promise<void> {
  await db.execute(
    sql`insert into tracks select 't' || i, 'd' || i, '{"splits":{"test":{"count":8}}}' from generate_series(0, 99) i`,
  )
  await db.execute(sql`
    insert into specs (digest, name, method, backbone, head, dataset, exits, document, published_at)
    select 's' || i, 'n', 'joint', 'b' || i % 100, 'linear', 'd' || i % 100, 4,
      json_build_object('description', repeat('As long as a spec is. ', 50)), now() from generate_series(1, 1000) i`)
  await db.execute(sql`
    insert into entries (id, track_digest, experiment_digest, spec_digest, published_at)
    select 'entry_' || lpad(i::text, 20, '0'), 't' || i % 100, 'x' || i, 's' || i, timestamptz '2026-01-01Z' + i * interval '1 second'
    from generate_series(1, 1000) i`)
  await db.execute(sql`
    insert into runs (id, entry_id, spec_digest, former_entry_id, seed, tier, backend, parameters, wall_seconds, deterministic, synthetic, started_at,
      finished_at, published_at, manifest_digest, manifest)
    select 'run_' || lpad(i::text, 20, '0'), 'entry_' || lpad((1 + i % 1000)::text, 20, '0'), 's' || 1 + i % 1000,
      'entry_1' || lpad(i::text, 19, '0'), i / 1000, 'recomputed', 'cpu', 1, 1, true, true, now(), now(),
      timestamptz '2026-01-01Z' + i * interval '1 second', 'm', '{}' from generate_series(1, 5000) i`)
  await db.execute(sql`
    insert into exit_results
    select 'run_' || lpad(i::text, 20, '0'), k, 'stage', 1, 1, 1, 0.5, 0.5, 1, 0, 0.5, '\\x0f'::bytea
    from generate_series(1, 5000) i, generate_series(0, 4) k`)
  await db.execute(sql`
    insert into exit_resamples (entry_id, k, track_digest, sequential_macs, mean, seeds, lowest, highest, top1)
    select 'entry_' || lpad(i::text, 20, '0'), k, 't' || i % 100, k, 0.5, 2, 0.4, 0.6, '\\x0000003f'::bytea
    from generate_series(1, 1000) i, generate_series(1, 4) k`)
  await db.execute(sql`
    insert into exit_image_sums (entry_id, k, planes)
    select 'entry_' || lpad(i::text, 20, '0'), k, decode(repeat('0f000000', 300), 'hex')
    from generate_series(1, 1000) i, generate_series(0, 4) k`)
  await db.execute(sql`
    insert into entry_aggregates (entry_id, track_digest, tier, backends, synthetic, published_at, made_of, version,
      aggregate)
    select id, track_digest, 'recomputed', '[]', true, published_at, (
      select md5(string_agg(concat_ws(' ', runs.id, tier, synthetic), ',' order by runs.id collate "C"))
      from runs where entry_id = entries.id
    ), ${aggregateVersion}, '{}' from entries`)
  await db.execute(sql`
    insert into track_aggregates (track_digest, entries, runs, changed_at, frontier_shares, version)
    select track_digest, 10, 50, now(), '{}', md5(string_agg(made_of || version, ',' order by made_of))
    from entry_aggregates group by track_digest`)
  await db.execute(sql`analyze`)
}

function rowsOf(count: number): { entryId: string; aggregate: EntryAggregate }[] {
  const classifier = { top1: { n: 1, mean: 0.5, sd: null }, top5: 1, nll: 1, ece: 0, auroc: null }
  return Array.from({ length: count }, (_, i) => ({
    entryId: entryId(i + 1),
    aggregate: {
      experimentDigest: `x${i + 1}`,
      specDigest: `s${i + 1}`,
      specName: 'n',
      method: 'joint',
      runs: [{ runId: runId(i + 1), seed: 1 }],
      repeats: [],
      waiting: [],
      parameters: 1,
      exits: [],
      ensemble: classifier,
      counts: { exits: [], ensemble: { images: 8, rightCounts: [4], squares: 4 } },
    },
  }))
}
