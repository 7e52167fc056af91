import type { ClassifierResult, EntryRun } from '@mate-bench/stats'
import { and, asc, eq, inArray, not } from 'drizzle-orm'
import { unpackCorrect } from '../correct-bits.ts'
import type { Db } from '../drivers/db.ts'
import { isWithdrawn } from '../ledger/seed-standing.ts'
import { ensembleK, entries, exitResults, type RunTier, runs, specs, tracks } from '../schema/index.ts'

/** A run as the aggregates are made of it. */
export interface StoredRun extends EntryRun {
  readonly entryId: string
  readonly tier: RunTier
  readonly backend: string
  readonly publishedAt: Date
  readonly synthetic: boolean
}

/** Runs that count of some entries of one track with who was right where, in two queries whatever their number. */
export async function entryRuns(db: Pick<Db, 'select'>, entryIds: readonly string[]): Promise<StoredRun[]> {
  if (entryIds.length === 0) return []
  const rows = await db
    .select({
      runId: runs.id,
      entryId: runs.entryId,
      experimentDigest: entries.experimentDigest,
      specDigest: runs.specDigest,
      name: specs.name,
      method: specs.method,
      seed: runs.seed,
      tier: runs.tier,
      backend: runs.backend,
      parameters: runs.parameters,
      finishedAt: runs.finishedAt,
      publishedAt: runs.publishedAt,
      synthetic: runs.synthetic,
      track: tracks.document,
    })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(specs, eq(specs.digest, runs.specDigest))
    .innerJoin(tracks, eq(tracks.digest, entries.trackDigest))
    .where(and(inArray(runs.entryId, [...entryIds]), not(isWithdrawn)))
  const images = rows[0]?.track.splits.test.count ?? 0
  const results = await db
    .select()
    .from(exitResults)
    .where(
      inArray(
        exitResults.runId,
        rows.map(({ runId }) => runId),
      ),
    )
    .orderBy(asc(exitResults.runId), asc(exitResults.k))
  const byRun = new Map<string, typeof results>()
  for (const result of results) {
    const list = byRun.get(result.runId)
    if (list) list.push(result)
    else byRun.set(result.runId, [result])
  }
  const classifier = ({
    top1,
    top5,
    nll,
    ece,
    auroc,
    correct,
  }: (typeof results)[number]): ClassifierResult => ({
    ...{ top1, top5, nll, ece, auroc },
    correct: unpackCorrect(correct, images),
  })
  return rows.flatMap(({ track: _, ...row }) => {
    const own = byRun.get(row.runId) ?? []
    const ensemble = own.find(({ k }) => k === ensembleK)
    if (!ensemble) return []
    return [
      {
        ...row,
        finishedAt: row.finishedAt.toISOString(),
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
