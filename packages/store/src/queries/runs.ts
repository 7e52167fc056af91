import { idPatterns, type Manifest } from '@mate-bench/schema'
import { and, asc, desc, eq, inArray, type SQL } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { entries, exitResults, type RunTier, runs, specs } from '../schema/index.ts'
import { behind, type Page, pageSize, toPage } from './cursor.ts'

export interface RunSummary {
  readonly id: string
  readonly entryId: string
  readonly specDigest: string
  readonly trackDigest: string
  readonly name: string
  readonly method: string
  readonly backbone: string
  readonly seed: number
  readonly tier: RunTier
  readonly backend: string
  readonly parameters: number
  readonly wallSeconds: number
  readonly deterministic: boolean
  readonly synthetic: boolean
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly publishedAt: Date
  readonly manifestDigest: string
}

export interface RunDetail extends RunSummary {
  readonly manifest: Manifest
}

export interface RunFilter {
  readonly entryId?: string | undefined
  readonly specDigest?: string | undefined
  readonly trackDigest?: string | undefined
  readonly method?: string | undefined
  readonly tier?: RunTier | undefined
  readonly backend?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

const summary = {
  id: runs.id,
  entryId: runs.entryId,
  specDigest: runs.specDigest,
  trackDigest: entries.trackDigest,
  name: specs.name,
  method: specs.method,
  backbone: specs.backbone,
  seed: runs.seed,
  tier: runs.tier,
  backend: runs.backend,
  parameters: runs.parameters,
  wallSeconds: runs.wallSeconds,
  deterministic: runs.deterministic,
  synthetic: runs.synthetic,
  startedAt: runs.startedAt,
  finishedAt: runs.finishedAt,
  publishedAt: runs.publishedAt,
  manifestDigest: runs.manifestDigest,
}

/** Newest first, in one query, without manifests. */
export async function listRuns(db: Db, filter: RunFilter = {}): Promise<Page<RunSummary>> {
  const limit = pageSize(filter.limit)
  const rows = await db
    .select(summary)
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(specs, eq(specs.digest, runs.specDigest))
    .where(and(...conditions(filter), behind(runs.publishedAt, runs.id, filter.cursor)))
    .orderBy(desc(runs.publishedAt), desc(runs.id))
    .limit(limit + 1)
  return toPage(rows, limit)
}

function conditions(filter: RunFilter): SQL[] {
  const pairs = [
    [runs.entryId, filter.entryId],
    [runs.specDigest, filter.specDigest],
    [entries.trackDigest, filter.trackDigest],
    [specs.method, filter.method],
    [runs.tier, filter.tier],
    [runs.backend, filter.backend],
  ] as const
  return pairs.flatMap(([column, value]) => (value === undefined ? [] : [eq(column, value)]))
}

/** A run with its manifest; undefined where there is none of that id. */
export async function findRun(db: Db, id: string): Promise<RunDetail | undefined> {
  if (!idPatterns.run.test(id)) return undefined
  const [row] = await db
    .select({ ...summary, manifest: runs.manifest })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(specs, eq(specs.digest, runs.specDigest))
    .where(eq(runs.id, id))
  return row
}

/** Manifests of several runs, by run id, in one query. */
export async function manifestsOfRuns(db: Db, runIds: readonly string[]): Promise<Map<string, Manifest>> {
  if (runIds.length === 0) return new Map()
  const rows = await db
    .select({ id: runs.id, manifest: runs.manifest })
    .from(runs)
    .where(inArray(runs.id, [...runIds]))
  return new Map(rows.map(({ id, manifest }) => [id, manifest]))
}

/** All runs of an entry with their manifests: by seed, repeated seeds in the order in which they were published. */
export async function runsOfEntry(db: Db, entryId: string): Promise<RunDetail[]> {
  return await db
    .select({ ...summary, manifest: runs.manifest })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(specs, eq(specs.digest, runs.specDigest))
    .where(eq(runs.entryId, entryId))
    .orderBy(asc(runs.seed), asc(runs.publishedAt), asc(runs.finishedAt), asc(runs.id))
}

export type ExitResult = typeof exitResults.$inferSelect

/** Results of the exits of several runs, the ensemble first (`ensembleK`), in one query. */
export async function exitsOfRuns(db: Db, runIds: readonly string[]): Promise<Map<string, ExitResult[]>> {
  const found = new Map<string, ExitResult[]>(runIds.map((id) => [id, []]))
  if (runIds.length === 0) return found
  const rows = await db
    .select()
    .from(exitResults)
    .where(inArray(exitResults.runId, [...runIds]))
    .orderBy(asc(exitResults.runId), asc(exitResults.k))
  for (const row of rows) found.get(row.runId)?.push(row)
  return found
}
