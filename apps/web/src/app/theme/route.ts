import { parseTheme, themeCookie } from '../../view/theme.ts'

const yearSeconds = 365 * 24 * 60 * 60

/** Remembers the colour scheme and goes back to where the reader was. */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData()
  const theme = parseTheme(String(form.get('theme')))
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
