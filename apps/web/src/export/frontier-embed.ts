import { frontiersChart } from '@mate-bench/charts'
import type { TrackRecord } from '../data/track-record.ts'
import { trackKey } from '../data/tracks.ts'
import { citeTrack } from '../view/citation.ts'
import { plural } from '../view/numbers.ts'
import { frontierAt } from '../view/track-history.ts'
import { embedPage, noEmbed } from './embed-page.ts'

interface FrontierView {
  /** Whose frontier stands beside today's; undefined for today's alone. */
  readonly day: string | undefined
  /** Of the view on this site. */
  readonly path: string
}

/** A track's frontier, and that of a day, for the pages of others. */
export function frontierEmbed(request: Request, record: TrackRecord, { day, path }: FrontierView): Response {
  const { track, changes, synthetic, updatedAt } = record
  if (changes.length === 0) return noEmbed()
  const { dataset } = track.document
  const then = day === undefined ? [] : frontierAt(changes, day)
  const now = changes.at(-1)?.frontier ?? []
  const { text, href } = citeTrack({
    ...{ dataset, key: trackKey(track), synthetic, updatedAt, day, path },
    entries: track.entries,
  })
  const title = `Frontier on ${dataset}${then.length > 0 ? ` at the end of ${day}, and today` : ''}`
  return embedPage(request, {
    title,
    chart: frontiersChart(
      [...(then.length > 0 ? [{ name: `end of ${day}`, points: then }] : []), { name: 'today', points: now }],
      { id: 'frontier', title, description: `${plural(now.length, 'exit')} today.` },
    ),
    note: 'Exits that no other exit beats with at least the same accuracy at the same or a lower cost. Means over seeds.',
    citation: text,
    href,
  })
}
