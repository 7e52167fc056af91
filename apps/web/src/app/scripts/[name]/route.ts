import { pageScript } from '../../../view/page-script.ts'

interface Props {
  readonly params: Promise<{ readonly name: string }>
}

/** The script of pages (`src/page-script`), bundled when the site was built. That of another build is not here. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { name } = await params
  if (`/scripts/${name}` !== pageScript.path) return new Response('Not found', { status: 404 })
  return new Response(pageScript.code, {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    },
  })
}
