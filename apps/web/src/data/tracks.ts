import { type TrackSummary, trackSummaries } from '@mate-bench/store/track-table'
import { cache } from 'react'
import { parseDigest } from '../view/digest.ts'
import { getStore } from './store.ts'

/** Every track, asked for once a visit. */
export const getTracks = cache(async (): Promise<TrackSummary[]> => trackSummaries((await getStore()).db))

/** The first eight digits of a track's digest: enough to name it in a URL. */
export function trackKey({ digest }: { digest: string }): string {
  return digest.replace('sha256:', '').slice(0, 8)
}

/** `fashion-mnist-mini`, with the key where several tracks are on one dataset. */
export function trackLabel(track: TrackSummary, all: readonly TrackSummary[]): string {
  const { dataset } = track.document
  const shared = all.filter(({ document }) => document.dataset === dataset).length > 1
  return shared ? `${dataset} (${trackKey(track)})` : dataset
}

/** The track of a `trackKey` or a whole digest, or the largest on a dataset of that name; without a key the largest of all. */
export function chooseTrack(
  tracks: readonly TrackSummary[],
  key: string | undefined,
): TrackSummary | undefined {
  if (key === undefined) return tracks[0]
  const digest = parseDigest(key)
  return (
    tracks.find((track) => track.digest === digest || trackKey(track) === key) ??
    tracks.find(({ document }) => document.dataset === key)
  )
}
