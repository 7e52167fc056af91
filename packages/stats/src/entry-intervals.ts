/** 95 % intervals of an entry's classifiers, in closed form from what was counted. */
import { type AccuracyInterval, accuracyInterval, type TrackSpread, trackSpread } from './crossed.ts'
import type { EntryAggregate } from './entry-aggregate.ts'

export interface EntryIntervals {
  /** One an exit, shallowest first. */
  readonly exits: readonly AccuracyInterval[]
  readonly ensemble: AccuracyInterval
}

/** How far seeds lie apart on a track, by classifier; null where no entry has several seeds. */
export interface TrackSpreads {
  /** By the exits' numbers, 1 first. */
  readonly exits: readonly (TrackSpread | null)[]
  readonly ensemble: TrackSpread | null
}

/** @param all entries of the track; those that a check disputes tell nothing of it */
export function trackSpreads(
  all: readonly (Pick<EntryAggregate, 'counts'> & { readonly disputed?: boolean })[],
): TrackSpreads {
  const aggregates = all.filter(({ disputed = false }) => !disputed)
  const most = aggregates.reduce((count, { counts }) => Math.max(count, counts.exits.length), 0)
  return {
    exits: Array.from({ length: most }, (_, i) =>
      trackSpread(aggregates.flatMap(({ counts }) => counts.exits[i] ?? [])),
    ),
    ensemble: trackSpread(aggregates.map(({ counts }) => counts.ensemble)),
  }
}

/**
 * Depends on the entry's own runs alone, unless it has one seed: then the seeds' share is what the track's other entries
 * show of it.
 */
export function entryIntervals(
  { counts }: Pick<EntryAggregate, 'counts'>,
  spreads: TrackSpreads,
): EntryIntervals {
  return {
    exits: counts.exits.map((exit, i) => accuracyInterval(exit, spreads.exits[i] ?? null)),
    ensemble: accuracyInterval(counts.ensemble, spreads.ensemble),
  }
}
