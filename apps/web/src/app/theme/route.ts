import { boundedText } from '../../data/bounded-text.ts'
import { parseTheme, themeCookie } from '../../view/theme.ts'

const yearSeconds = 365 * 24 * 60 * 60

/** A form of one word. */
const mostBytes = 1000

/** Remembers the colour scheme and goes back to where the reader was. */
export async function POST(request: Request): Promise<Response> {
  const [mediaType] = (request.headers.get('content-type') ?? '').split(';', 1)
  if (mediaType?.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    return new Response('Send the form of the page.\n', { status: 415 })
  }
  const text = await boundedText(request, mostBytes)
  if (text === undefined) return new Response('That is no form of the page.\n', { status: 413 })
  const theme = parseTheme(new URLSearchParams(text).get('theme') ?? undefined)
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  return new Response(null, {
    status: 303,
    headers: {
      location: localPath(request.headers.get('referer'), request.headers.get('host')),
      'set-cookie': `${themeCookie}=${theme}; Path=/; Max-Age=${yearSeconds}; SameSite=Lax; HttpOnly${secure}`,
    },
  })
}

/** Only ever a path of this site. */
function localPath(referer: string | null, host: string | null): string {
  const url = referer !== null && URL.canParse(referer) ? new URL(referer) : undefined
  if (url?.host !== host) return '/'
  // Two slashes would name another host.
  return `${url?.pathname.replace(/^\/+/, '/') ?? '/'}${url?.search ?? ''}`
}
