import { frontiersChart } from '@mate-bench/charts'
import { getTrackRecord } from '../../../../data/track-record.ts'
import { trackKey } from '../../../../data/tracks.ts'
import { embedPage, noEmbed } from '../../../../export/embed-page.ts'
import { citeTrack } from '../../../../view/citation.ts'
import { plural } from '../../../../view/numbers.ts'
import { frontierAt, isDay } from '../../../../view/track-history.ts'

interface Context {
  readonly params: Promise<{ readonly key: string }>
}

/** The frontier of a track, and that of the day that `at` names. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const record = await getTrackRecord((await params).key)
  if (!record || record.changes.length === 0) return noEmbed()
  const { track, changes, synthetic, updatedAt } = record
  const { dataset } = track.document
  const key = trackKey(track)
  const at = new URL(request.url).searchParams.get('at') ?? ''
  const day = isDay(at) ? at : undefined
  const then = day === undefined ? [] : frontierAt(changes, day)
  const now = changes.at(-1)?.frontier ?? []
  const { text, href } = citeTrack({
    ...{ dataset, key, synthetic, updatedAt },
    entries: track.entries,
    path: `/tracks/${key}${day === undefined ? '' : `?at=${day}`}`,
  })
  const title = `Frontier on ${dataset}${then.length > 0 ? ` at the end of ${day}, and today` : ''}`
  return embedPage(request, {
    title,
    chart: frontiersChart(
      [...(then.length > 0 ? [{ name: `end of ${day}`, points: then }] : []), { name: 'today', points: now }],
      { id: 'frontier', title, description: `${plural(now.length, 'exit')} today.` },
    ),
    note: 'Exits that no other exit beat: none cost as little and was more accurate. Means over seeds.',
    citation: text,
    href,
  })
}
