import { findByShortId } from '@mate-bench/store'
import { siteUrl } from './site-url.ts'
import { getStore } from './store.ts'

/** Of an id as a short link has it. */
const digits = 8

/** `entry_0123456789abcdef0123` to `01234567`. */
export function shortId(id: string): string {
  return id.slice(id.indexOf('_') + 1).slice(0, digits)
}

/** Sends a reader of a short link on; its query goes along. */
export function sendOn(request: Request, path: string | undefined): Response {
  if (path === undefined) return new Response('Nothing has this address.\n', { status: 404 })
  const to = new URL(path, siteUrl())
  for (const [name, value] of new URL(request.url).searchParams) to.searchParams.append(name, value)
  return new Response(null, { status: 308, headers: { location: `${to.pathname}${to.search}` } })
}

/** The whole id of an entry or a run. */
export async function wholeId(kind: 'entry' | 'run', short: string): Promise<string | undefined> {
  return await findByShortId((await getStore()).db, kind, short)
}
