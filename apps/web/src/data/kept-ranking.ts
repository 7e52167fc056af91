import type { Db } from '@mate-bench/store'
import type { TrackSummary } from '@mate-bench/store/track-table'
import { type RankedTrack, rankTrack } from './ranked-track.ts'
import { createVersionCache, type VersionCache } from './version-cache.ts'

/** One a process and database, also where pages and the API are bundled apart: each would rank the track and keep it. */
const shared: typeof globalThis & { mateBenchRankings?: WeakMap<Db, VersionCache<RankedTrack>> } = globalThis

/** A track as `rankTrack` ranks it, once for each of its versions. */
export function keptRanking(
  db: Db,
  { digest, version }: Pick<TrackSummary, 'digest' | 'version'>,
): Promise<RankedTrack> {
  shared.mateBenchRankings ??= new WeakMap()
  const keep = shared.mateBenchRankings.get(db) ?? createVersionCache<RankedTrack>(8)
  shared.mateBenchRankings.set(db, keep)
  return keep(digest, version, (before) => rankTrack(db, digest, before))
}
