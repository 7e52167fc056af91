import { formatManifest } from '@mate-bench/harness/manifest'
import { findRun } from '@mate-bench/store'
import { dataLicence, repository } from '../../../../../data/site-settings.ts'
import { siteUrl } from '../../../../../data/site-url.ts'
import { getStore } from '../../../../../data/store.ts'
import { runCrate } from '../../../../../export/ro-crate.ts'

interface Context {
  readonly params: Promise<{ readonly id: string }>
}

/** A run's files and what made them, for programs: beside the files, whose names it gives. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  const run = await findRun((await getStore()).db, (await params).id)
  if (!run) return new Response('There is no such run.\n', { status: 404 })
  const document = runCrate(run.manifest, {
    name: run.name,
    publishedAt: run.publishedAt.toISOString(),
    synthetic: run.synthetic,
    manifestBytes: new TextEncoder().encode(formatManifest(run.manifest)).length,
    page: new URL(`/runs/${run.id}`, siteUrl()).href,
    site: siteUrl().href,
    software: (repository() ?? new URL('/about', siteUrl())).href,
    licence: dataLicence()?.href,
  })
  return new Response(`${JSON.stringify(document, null, 2)}\n`, {
    headers: {
      'content-type': `application/ld+json; profile="https://w3id.org/ro/crate/1.1"`,
      'content-disposition': 'attachment; filename="ro-crate-metadata.json"',
      'x-content-type-options': 'nosniff',
    },
  })
}
