import { sendOn, wholeId } from '../../../data/short-link.ts'
import { mostCompared } from '../../../view/board-params.ts'

interface Context {
  readonly params: Promise<{ readonly ids: string }>
}

/** Short for a comparison of entries: `/c/01234567-89abcdef`. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const short = (await params).ids.split('-').slice(0, mostCompared)
  const ids = await Promise.all(short.map((id) => wholeId('entry', id)))
  const missing = ids.some((id) => id === undefined)
  return sendOn(request, missing ? undefined : `/compare?entries=${ids.join(',')}`)
}
