import type { Track } from '@mate-bench/schema'
import type { ClassifierResult, EntryRun } from '@mate-bench/stats'
import { asc, eq, sql } from 'drizzle-orm'
import { unpackCorrect } from '../correct-bits.ts'
import type { Db } from '../drivers/db.ts'
import { ensembleK, entries, exitResults, type RunTier, runs, specs, tracks } from '../schema/index.ts'

/** A track and how much is on it. */
export interface TrackSummary {
  readonly digest: string
  readonly document: Track
  readonly entries: number
  readonly runs: number
  /** Changes whenever a run is published: what was computed for a version holds as long as it does. */
  readonly version: string
}

/** Every track with its size, in one query; tracks with most entries first. */
export async function trackSummaries(db: Db): Promise<TrackSummary[]> {
  const entryCount = sql<number>`count(distinct ${entries.id})::int`
  return await db
    .select({
      digest: tracks.digest,
      document: sql<Track>`(array_agg(${tracks.document}))[1]`,
      entries: entryCount,
      runs: sql<number>`count(${runs.id})::int`,
      version: sql<string>`count(${runs.id}) || '@' || coalesce(max(${runs.publishedAt})::text, '')`,
    })
    .from(tracks)
    .leftJoin(entries, eq(entries.trackDigest, tracks.digest))
    .leftJoin(runs, eq(runs.entryId, entries.id))
    .groupBy(tracks.digest, tracks.dataset)
    .orderBy(sql`count(distinct ${entries.id}) desc`, asc(tracks.dataset), asc(tracks.digest))
}

/** A run as a table shows it: with what the table filters by. */
export interface TrackTableRun extends EntryRun {
  readonly entryId: string
  readonly method: string
  readonly backbone: string
  readonly head: string
  readonly tier: RunTier
  readonly backend: string
  readonly publishedAt: string
  readonly synthetic: boolean
}

/** Every run of a track with its exits, in two queries whatever their number. Feed them to `tableEntries`. */
export async function trackTableRuns(db: Db, track: Track): Promise<TrackTableRun[]> {
  const rows = await db
    .select({
      runId: runs.id,
      entryId: entries.id,
      specDigest: entries.specDigest,
      name: specs.name,
      method: specs.method,
      backbone: specs.backbone,
      head: specs.head,
      seed: runs.seed,
      tier: runs.tier,
      backend: runs.backend,
      parameters: runs.parameters,
      finishedAt: runs.finishedAt,
      publishedAt: runs.publishedAt,
      synthetic: runs.synthetic,
    })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .where(eq(entries.trackDigest, track.digest))
  const results = await db
    .select({
      runId: exitResults.runId,
      k: exitResults.k,
      after: exitResults.after,
      isolatedMacs: exitResults.isolatedMacs,
      sequentialMacs: exitResults.sequentialMacs,
      parameters: exitResults.parameters,
      top1: exitResults.top1,
      top5: exitResults.top5,
      nll: exitResults.nll,
      ece: exitResults.ece,
      auroc: exitResults.auroc,
      correct: exitResults.correct,
    })
    .from(exitResults)
    .innerJoin(runs, eq(runs.id, exitResults.runId))
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .where(eq(entries.trackDigest, track.digest))
    .orderBy(asc(exitResults.runId), asc(exitResults.k))
  const images = track.splits.test.count
  const byRun = new Map<string, typeof results>()
  for (const result of results) {
    const list = byRun.get(result.runId)
    if (list) list.push(result)
    else byRun.set(result.runId, [result])
  }
  const classifier = (row: (typeof results)[number]): ClassifierResult => ({
    top1: row.top1,
    top5: row.top5,
    nll: row.nll,
    ece: row.ece,
    auroc: row.auroc,
    correct: unpackCorrect(row.correct, images),
  })
  return rows.flatMap((row) => {
    const own = byRun.get(row.runId) ?? []
    const ensemble = own.find(({ k }) => k === ensembleK)
    if (!ensemble) return []
    return [
      {
        ...row,
        finishedAt: row.finishedAt.toISOString(),
        publishedAt: row.publishedAt.toISOString(),
        exits: own
          .filter(({ k }) => k !== ensembleK)
          .map((exit) => ({
            k: exit.k,
            after: exit.after ?? '',
            isolatedMacs: exit.isolatedMacs ?? 0,
            sequentialMacs: exit.sequentialMacs,
            parameters: exit.parameters ?? 0,
            ...classifier(exit),
          })),
        ensemble: classifier(ensemble),
      },
    ]
  })
}
