import { siteUrl } from '../../../../data/site-url.ts'
import { getTrackRecord } from '../../../../data/track-record.ts'
import { trackKey } from '../../../../data/tracks.ts'
import { atomFeed } from '../../../feed.xml/atom-feed.ts'

const newest = 100

interface Context {
  readonly params: Promise<{ readonly key: string }>
}

/** What changed a track's table: entries, seeds, checks, withdrawals, and the frontier. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  const record = await getTrackRecord((await params).key)
  if (!record) return new Response('There is no such track.\n', { status: 404 })
  const { track, events, synthetic } = record
  const key = trackKey(track)
  const url = (path: string) => new URL(path, siteUrl()).href
  const body = atomFeed({
    title: `MATE Bench: changes on ${track.document.dataset}${synthetic ? ' (synthetic)' : ''}`,
    selfUrl: url(`/tracks/${key}/feed.xml`),
    pageUrl: url(`/tracks/${key}`),
    entries: events.slice(0, newest).map(({ id, at, subject, text, href }) => ({
      id: url(`/tracks/${key}#${id}`),
      url: url(href),
      title: `${subject} ${text}`,
      summary: `${subject} ${text}`,
      publishedAt: new Date(at),
      updatedAt: new Date(at),
    })),
  })
  return new Response(body, {
    headers: {
      'content-type': 'application/atom+xml; charset=utf-8',
      'cache-control': 'public, max-age=0, s-maxage=300',
    },
  })
}
