import { dataLicence } from '../../../../data/site-settings.ts'
import { getTrackRecord } from '../../../../data/track-record.ts'
import { trackKey } from '../../../../data/tracks.ts'
import { trackCroissant } from '../../../../export/croissant.ts'

interface Context {
  readonly params: Promise<{ readonly key: string }>
}

/** What the columns of a track's files mean, for programs. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  const record = await getTrackRecord((await params).key)
  if (!record) return new Response('There is no such track.\n', { status: 404 })
  const { track, synthetic, updatedAt } = record
  const document = trackCroissant(track, {
    ...{ synthetic, updatedAt },
    key: trackKey(track),
    licence: dataLicence()?.href,
  })
  return new Response(`${JSON.stringify(document, null, 2)}\n`, {
    headers: {
      'content-type': 'application/ld+json; profile="http://mlcommons.org/croissant/1.0"',
      'x-content-type-options': 'nosniff',
    },
  })
}
