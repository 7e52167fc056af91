import { trackHistory, verdictsOfTrack } from '@mate-bench/store'
import type { TrackSummary } from '@mate-bench/store/track-table'
import { type TrackEvent, trackEvents } from '../view/track-events.ts'
import { type FrontierChange, frontierChanges } from '../view/track-history.ts'
import { getStore } from './store.ts'
import { chooseTrack, getTracks, trackKey } from './tracks.ts'
import { createVersionCache } from './version-cache.ts'

/** What happened on a track since its first run. */
export interface TrackRecord {
  readonly track: TrackSummary
  /** Oldest first. */
  readonly changes: readonly FrontierChange[]
  /** Newest first. */
  readonly events: readonly TrackEvent[]
  /** Whether its entries were made up. */
  readonly synthetic: boolean
  /** ISO 8601: when the latest of its runs was published. */
  readonly updatedAt: string
}

const keepRecord = createVersionCache<TrackRecord>(8)

/** The record of a track by its `trackKey`; undefined where there is none. */
export async function getTrackRecord(key: string): Promise<TrackRecord | undefined> {
  const track = chooseTrack(await getTracks(), key)
  if (!track) return undefined
  return await keepRecord(track.digest, track.version, async () => {
    const { db } = await getStore()
    const runs = await trackHistory(db, track.digest)
    const verdicts = await verdictsOfTrack(db, track.digest)
    const changes = frontierChanges(runs, { testImages: track.document.splits.test.count })
    const frontierHref = (day: string) => `/tracks/${trackKey(track)}?at=${day}`
    const events = trackEvents({ runs, verdicts, changes, frontierHref })
    return {
      ...{ track, changes, events },
      synthetic: runs.some(({ synthetic }) => synthetic),
      updatedAt: (runs.at(-1)?.publishedAt ?? new Date(0)).toISOString(),
    }
  })
}
