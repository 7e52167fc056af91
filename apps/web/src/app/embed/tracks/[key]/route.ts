import { getTrackRecord } from '../../../../data/track-record.ts'
import { trackKey } from '../../../../data/tracks.ts'
import { noEmbed } from '../../../../export/embed-page.ts'
import { frontierEmbed } from '../../../../export/frontier-embed.ts'
import { askedDay } from '../../../../view/track-history.ts'

interface Context {
  readonly params: Promise<{ readonly key: string }>
}

/** The frontier of a track, and that of the day that `at` names. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const record = await getTrackRecord((await params).key)
  if (!record) return noEmbed()
  const key = trackKey(record.track)
  const { day } = askedDay(new URL(request.url).searchParams.getAll('at'))
  const path = `/tracks/${key}${day === undefined ? '' : `?at=${day}`}`
  return frontierEmbed(request, record, { day, path })
}
