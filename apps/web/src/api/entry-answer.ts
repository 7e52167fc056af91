import { BenchError } from '@mate-bench/schema'
import {
  type AccuracyInterval,
  type ClassifierSummary,
  type EntryAggregate,
  entryIntervals,
  type TrackSpreads,
  trackSpreads,
} from '@mate-bench/stats'
import type { Db, EntryDetail } from '@mate-bench/store'
import { findTableRow, trackTable } from '@mate-bench/store/track-table'
import type { z } from 'zod'
import type { entrySchema } from './schemas/entry.ts'

type EntryAnswer = z.output<typeof entrySchema>

/** An entry over its seeds: the very numbers of its table. */
export async function entryAnswer(db: Db, entry: EntryDetail): Promise<EntryAnswer> {
  const row = await findTableRow(db, entry.id)
  if (!row) throw new BenchError({ code: 'not-found', message: `The entry ${entry.id} has no runs.` })
  const { aggregate } = row
  const intervals = entryIntervals(aggregate, await spreadsFor(db, entry.trackDigest, aggregate))
  const { tier, synthetic, disputed } = entry
  const { id, name, method, backbone, head, dataset, experimentDigest, specDigest, trackDigest } = entry
  const { spec, track } = entry
  return {
    ...{ id, name, method, backbone, head, dataset, experimentDigest, specDigest, trackDigest, spec, track },
    ...{ tier, synthetic, disputed },
    backends: [...entry.backends],
    publishedAt: entry.publishedAt.toISOString(),
    updatedAt: entry.updatedAt.toISOString(),
    parameters: aggregate.parameters,
    exits: aggregate.exits.map(({ k, after, isolatedMacs, sequentialMacs, parameters, ...exit }, i) => ({
      ...{ k, after, isolatedMacs, sequentialMacs, parameters },
      ...classifierAnswer(exit, intervalOf(entry.id, k, intervals.exits[i])),
    })),
    ensemble: classifierAnswer(aggregate.ensemble, intervals.ensemble),
    seeds: aggregate.runs.map(({ seed }) => seed),
    runIds: aggregate.runs.map(({ runId }) => runId),
    waitingIds: aggregate.waiting.map(({ runId }) => runId),
    repeatIds: aggregate.repeats.map(({ runId }) => runId),
  }
}

/** What other entries of the track show of seeds: read where the entry has but one. */
async function spreadsFor(db: Db, trackDigest: string, { runs }: EntryAggregate): Promise<TrackSpreads> {
  const rows = runs.length === 1 ? await trackTable(db, trackDigest) : []
  return trackSpreads(rows.map(({ aggregate, disputed }) => ({ ...aggregate, disputed })))
}

function intervalOf(id: string, k: number, interval: AccuracyInterval | undefined): AccuracyInterval {
  if (interval) return interval
  throw new BenchError({ code: 'internal', message: `The entry ${id} has no interval for exit ${k}.` })
}

function classifierAnswer({ top1, top5, nll, ece, auroc }: ClassifierSummary, interval: AccuracyInterval) {
  const { lower, upper, seedShare } = interval
  return { top1: { ...top1 }, interval: { lower, upper, seedShare }, top5, nll, ece, auroc }
}
