import { datasets } from '@mate-bench/datasets/registry'
import { methods } from '@mate-bench/methods'
import { backbones } from '@mate-bench/nn/describe'
import { siteAddresses } from '@mate-bench/store'
import type { MetadataRoute } from 'next'
import { siteUrl } from '../data/site-url.ts'
import { getStore } from '../data/store.ts'
import { getTracks, trackKey } from '../data/tracks.ts'
import { createVersionCache } from '../data/version-cache.ts'

/** What is published changes without a build. */
export const dynamic = 'force-dynamic'

const pages = [
  ...['/', '/results', '/docs', '/docs/check', '/docs/submit', '/docs/api', '/about'],
  ...[
    '/methods',
    '/backbones',
    '/datasets',
    '/glossary',
    '/specs',
    '/submit',
    '/try',
    '/try/train',
    '/queue',
  ],
]
/** The format allows 50,000 addresses a file. */
const mostOfEach = 20_000

const keepAddresses = createVersionCache<Awaited<ReturnType<typeof siteAddresses>>>(1)

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const url = (path: string) => new URL(path, siteUrl()).href
  const { db } = await getStore()
  const tracks = await getTracks()
  const version = tracks.map((track) => `${track.digest} ${track.version}`).join('\n')
  const { entries, specs } = await keepAddresses('all', version, () => siteAddresses(db, mostOfEach))
  return [
    ...pages.map((path) => ({ url: url(path) })),
    ...methods.map(({ name }) => ({ url: url(`/methods/${name}`) })),
    ...backbones.map(({ name }) => ({ url: url(`/backbones/${name}`) })),
    ...tracks.map((track) => ({ url: url(`/tracks/${trackKey(track)}`) })),
    ...datasets.map(({ name }) => ({ url: url(`/datasets/${name}`) })),
    ...entries.map(({ id, updatedAt }) => ({ url: url(`/entries/${id}`), lastModified: updatedAt })),
    ...specs.map(({ id, updatedAt }) => ({
      url: url(`/specs/${id.replace('sha256:', '')}`),
      lastModified: updatedAt,
    })),
  ]
}
