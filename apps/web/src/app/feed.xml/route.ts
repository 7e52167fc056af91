import { createHash } from 'node:crypto'
import { listEntries } from '@mate-bench/store'
import { etagOf, notModified } from '../../api/conditional.ts'
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
    entries: rows.map(({ id, name, method, backbone, dataset, exits, runs, synthetic, ...times }) => ({
      url: url(`/entries/${id}`),
      title: `${name} on ${dataset}${synthetic ? ' (synthetic)' : ''}`,
      summary: `${method} on ${backbone}, ${plural(exits, 'exit')}, ${plural(runs, 'run')}.`,
      publishedAt: times.publishedAt,
      updatedAt: times.updatedAt,
    })),
  })
  const headers = {
    'content-type': 'application/atom+xml; charset=utf-8',
    'cache-control': 'public, max-age=0, s-maxage=300',
    etag: etagOf(createHash('sha256').update(body).digest('hex').slice(0, 32)),
  }
  const known = notModified(request.headers, headers.etag)
  return known ? new Response(null, { status: 304, headers }) : new Response(body, { headers })
}
