import type { Manifest } from '@mate-bench/schema'
import { and, asc, eq, ne, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { artifacts, entries, exitResults, runs, specs } from '../schema/index.ts'

/** A published run whose weights may be those of another. */
export interface RunOfLikeWeights {
  readonly runId: string
  readonly seed: number
  readonly experimentDigest: string
  readonly specName: string
  /** Of its model file. */
  readonly sha256: string
}

/**
 * Share of test images by which two runs of one network can differ: their numbers recompute from predictions, and a sample
 * of those is held to the weights, so whoever changes one in fifty is found out there.
 */
const largestDifference = 0.02

/**
 * Other published runs on the same track whose network has as many parameters, and whose last exit is right about as often: all
 * that can have the weights of this one.
 */
export async function runsOfLikeWeights(
  db: Pick<Db, 'select'>,
  { runId, track, model, results }: Manifest,
): Promise<RunOfLikeWeights[]> {
  const last = results.exits.at(-1)
  if (!last) return []
  return await db
    .select({
      runId: runs.id,
      seed: runs.seed,
      experimentDigest: entries.experimentDigest,
      specName: specs.name,
      sha256: artifacts.sha256,
    })
    .from(entries)
    .innerJoin(runs, eq(runs.entryId, entries.id))
    .innerJoin(specs, eq(specs.digest, runs.specDigest))
    .innerJoin(artifacts, and(eq(artifacts.runId, runs.id), eq(artifacts.role, 'model')))
    .innerJoin(exitResults, and(eq(exitResults.runId, runs.id), eq(exitResults.k, last.k)))
    .where(
      and(
        eq(entries.trackDigest, track.digest),
        ne(runs.id, runId),
        eq(runs.parameters, model.parameters),
        sql`abs(${exitResults.top1} - ${last.top1}) <= ${largestDifference}`,
      ),
    )
    .orderBy(asc(runs.id))
}
