import { BenchError } from '@mate-bench/schema'
import {
  type BootstrapInterval,
  type ClassifierResult,
  type ClassifierSummary,
  type EntryRun,
  entryIntervals,
  tableEntries,
} from '@mate-bench/stats'
import {
  type Db,
  type EntryDetail,
  type ExitResult,
  ensembleK,
  exitsOfRuns,
  listRuns,
  maximumPageSize,
  type RunSummary,
  unpackCorrect,
} from '@mate-bench/store'
import type { z } from 'zod'
import { createVersionCache } from '../data/version-cache.ts'
import type { entrySchema } from './schemas/entry.ts'

type EntryAnswer = z.output<typeof entrySchema>

/** Intervals take thousands of resamples: they are drawn once for each set of runs. */
const keepAnswer = createVersionCache<EntryAnswer>(200)

/** An entry over its seeds: the very numbers of its table. Once computed it costs the query that lists its runs. */
export async function entryAnswer(db: Db, entry: EntryDetail): Promise<EntryAnswer> {
  const runs = await runsOf(db, entry.id)
  const version = runs.map(({ id }) => id).join()
  return await keepAnswer(entry.id, version, async () => {
    const results = await exitsOfRuns(
      db,
      runs.map(({ id }) => id),
    )
    const images = entry.track.splits.test.count
    const [table] = tableEntries(runs.flatMap((run) => entryRun(run, results.get(run.id) ?? [], images)))
    const [intervals] = table ? entryIntervals([table]) : []
    if (!table || !intervals) {
      throw new BenchError({ code: 'not-found', message: `The entry ${entry.id} has no runs.` })
    }
    const { id, name, method, backbone, head, dataset, specDigest, trackDigest, spec, track } = entry
    return {
      ...{ id, name, method, backbone, head, dataset, specDigest, trackDigest, spec, track },
      publishedAt: entry.publishedAt.toISOString(),
      parameters: table.parameters,
      exits: table.exits.map(({ k, after, isolatedMacs, sequentialMacs, parameters, ...exit }, i) => ({
        ...{ k, after, isolatedMacs, sequentialMacs, parameters },
        ...classifierAnswer(exit, intervals.exits[i] ?? intervals.ensemble),
      })),
      ensemble: classifierAnswer(table.ensemble, intervals.ensemble),
      seeds: table.runs.map(({ seed }) => seed),
      runIds: table.runs.map(({ runId }) => runId),
      repeatIds: table.repeats.map(({ runId }) => runId),
    }
  })
}

/** Without their manifests, which are large. */
async function runsOf(db: Db, entryId: string): Promise<RunSummary[]> {
  const runs: RunSummary[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listRuns(db, { entryId, limit: maximumPageSize, cursor })
    runs.push(...page.rows)
    if (page.next === null) return runs
    cursor = page.next
  }
}

function classifierAnswer({ top1, top5, nll, ece, auroc }: ClassifierSummary, interval: BootstrapInterval) {
  const { lower, upper, coversSeeds } = interval
  return { top1: { ...top1 }, interval: { lower, upper, coversSeeds }, top5, nll, ece, auroc }
}

function entryRun(run: RunSummary, rows: readonly ExitResult[], images: number): EntryRun[] {
  const ensemble = rows.find(({ k }) => k === ensembleK)
  if (!ensemble) return []
  const classifier = ({ top1, top5, nll, ece, auroc, correct }: ExitResult): ClassifierResult => ({
    ...{ top1, top5, nll, ece, auroc },
    correct: unpackCorrect(correct, images),
  })
  return [
    {
      runId: run.id,
      specDigest: run.specDigest,
      name: run.name,
      seed: run.seed,
      finishedAt: run.finishedAt.toISOString(),
      parameters: run.parameters,
      exits: rows
        .filter(({ k }) => k !== ensembleK)
        .map((row) => ({
          k: row.k,
          after: row.after ?? '',
          isolatedMacs: row.isolatedMacs ?? 0,
          sequentialMacs: row.sequentialMacs,
          parameters: row.parameters ?? 0,
          ...classifier(row),
        })),
      ensemble: classifier(ensemble),
    },
  ]
}
