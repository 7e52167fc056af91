import { createHash } from 'node:crypto'
import { listEntries } from '@mate-bench/store'
import { siteUrl } from '../../data/site-url.ts'
import { getStore } from '../../data/store.ts'
import { plural } from '../../view/numbers.ts'
import { atomFeed } from './atom-feed.ts'

const newest = 50

/** The newest entries. Feed readers come often, so they are answered from what they have where nothing is new. */
export async function GET(request: Request): Promise<Response> {
  const { rows } = await listEntries((await getStore()).db, { limit: newest })
  const url = (path: string) => new URL(path, siteUrl()).href
  const body = atomFeed({
    title: 'MATE Bench: new entries',
    selfUrl: url('/feed.xml'),
    pageUrl: url('/'),
    entries: rows.map(({ id, name, method, backbone, dataset, exits, runs, publishedAt }) => ({
      url: url(`/entries/${id}`),
      title: `${name} on ${dataset}`,
      summary: `${method} on ${backbone}, ${plural(exits, 'exit')}, ${plural(runs, 'run')}.`,
      publishedAt,
    })),
  })
  const headers = {
    'content-type': 'application/atom+xml; charset=utf-8',
    'cache-control': 'public, max-age=0, s-maxage=300',
    etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`,
  }
  const known = request.headers.get('if-none-match') === headers.etag
  return known ? new Response(null, { status: 304, headers }) : new Response(body, { headers })
}
