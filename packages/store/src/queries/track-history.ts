import { eq, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { isWithdrawn } from '../ledger/seed-standing.ts'
import { ensembleK, entries, exitResults, ledgerEntries, type RunTier, runs, specs } from '../schema/index.ts'
import { isDisputed } from './verdicts.ts'

/** What an exit of a run costs and gets right. */
export interface HistoryExit {
  /** 1 is the shallowest. */
  readonly k: number
  readonly sequentialMacs: number
  /** Share in [0, 1]. */
  readonly top1: number
}

/** A published run as the history of its track needs it. */
export interface HistoryRun {
  readonly runId: string
  readonly entryId: string
  /** Of the spec. */
  readonly name: string
  readonly method: string
  readonly backbone: string
  readonly seed: number
  readonly tier: RunTier
  readonly synthetic: boolean
  readonly publishedAt: Date
  /** ISO 8601. */
  readonly finishedAt: string
  /** When it was withdrawn; null for all others. */
  readonly withdrawnAt: Date | null
  /** Whether a check disputes it today. */
  readonly disputed: boolean
  /** Shallowest first. */
  readonly exits: readonly HistoryExit[]
}

/** Every run that was ever published on a track, withdrawn ones too, oldest first, in one query. */
export async function trackHistory(db: Db, trackDigest: string): Promise<HistoryRun[]> {
  const rows = await db
    .select({
      runId: runs.id,
      entryId: runs.entryId,
      name: specs.name,
      method: specs.method,
      backbone: specs.backbone,
      seed: runs.seed,
      tier: runs.tier,
      synthetic: runs.synthetic,
      publishedAt: runs.publishedAt,
      finishedAt: runs.finishedAt,
      withdrawnAt: sql<string | null>`case when ${isWithdrawn} then (
        select min(${ledgerEntries.at}) from ${ledgerEntries}
        where ${eq(ledgerEntries.runId, runs.id)} and ${eq(ledgerEntries.kind, 'withdrawn')}) end`,
      disputed: isDisputed,
      exits: sql<HistoryExit[]>`(
        select coalesce(json_agg(json_build_object('k', ${exitResults.k}, 'sequentialMacs', ${exitResults.sequentialMacs},
          'top1', ${exitResults.top1}) order by ${exitResults.k}), '[]')
        from ${exitResults} where ${eq(exitResults.runId, runs.id)} and ${exitResults.k} <> ${ensembleK})`,
    })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(specs, eq(specs.digest, runs.specDigest))
    .where(eq(entries.trackDigest, trackDigest))
    .orderBy(runs.publishedAt, runs.id)
  return rows.map((row) => ({
    ...row,
    finishedAt: row.finishedAt.toISOString(),
    withdrawnAt: row.withdrawnAt === null ? null : new Date(row.withdrawnAt),
  }))
}
