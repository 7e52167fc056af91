import { type TrackHighlights, trackHighlights } from '@mate-bench/store'
import type { TrackSummary } from '@mate-bench/store/track-table'
import { getStore } from './store.ts'

interface Kept {
  readonly version: string
  readonly highlights: TrackHighlights
}

/** By track. There are as many as there are tracks. */
const kept = new Map<string, Kept>()

/** What is worth knowing of each track before it is opened; read again, in one go, for those that have changed. */
export async function getTrackHighlights(
  tracks: readonly TrackSummary[],
): Promise<ReadonlyMap<string, TrackHighlights>> {
  const stale = tracks.filter(({ digest, version }) => kept.get(digest)?.version !== version)
  const found = await trackHighlights(
    (await getStore()).db,
    stale.map(({ digest }) => digest),
  )
  const versions = new Map(stale.map(({ digest, version }) => [digest, version]))
  for (const highlights of found) {
    const { trackDigest } = highlights
    kept.set(trackDigest, { version: versions.get(trackDigest) ?? '', highlights })
  }
  return new Map(
    tracks.flatMap(({ digest }) => {
      const own = kept.get(digest)
      return own ? [[digest, own.highlights] as const] : []
    }),
  )
}
