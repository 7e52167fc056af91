import { datasets } from '@mate-bench/datasets/registry'
import { methods } from '@mate-bench/methods'
import { listEntries, listSpecs } from '@mate-bench/store'
import type { MetadataRoute } from 'next'
import { siteUrl } from '../data/site-url.ts'
import { getStore } from '../data/store.ts'

/** What is published changes without a build. */
export const dynamic = 'force-dynamic'

const pages = ['/', '/docs', '/docs/api', '/about', '/methods', '/specs', '/submit', '/queue']
/** The format allows 50,000 addresses a file. */
const mostEntries = 20_000

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const url = (path: string) => new URL(path, siteUrl()).href
  const { db } = await getStore()
  const entries = await all((cursor) => listEntries(db, { limit: 200, cursor }))
  const specs = await all((cursor) => listSpecs(db, { limit: 200, cursor }))
  return [
    ...pages.map((path) => ({ url: url(path) })),
    ...methods.map(({ name }) => ({ url: url(`/methods/${name}`) })),
    ...datasets.map(({ name }) => ({ url: url(`/datasets/${name}`) })),
    ...entries.map(({ id, publishedAt }) => ({ url: url(`/entries/${id}`), lastModified: publishedAt })),
    ...specs.map(({ id, publishedAt }) => ({
      url: url(`/specs/${id.replace('sha256:', '')}`),
      lastModified: publishedAt,
    })),
  ]
}

interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/** Every row of a list, page by page. */
async function all<Row>(read: (cursor: string | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    rows.push(...page.rows)
    cursor = page.next ?? undefined
  } while (cursor !== undefined && rows.length < mostEntries)
  return rows
}
