import { pageScript } from '../../../view/page-script.ts'

interface Props {
  readonly params: Promise<{ readonly name: string }>
}

/** The script of pages (`src/page-script`), bundled when the site was built; who asks for that of another build gets this one. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { name } = await params
  const isOwn = `/scripts/${name}` === pageScript.path
  return new Response(pageScript.code, {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': isOwn ? 'public, max-age=31536000, immutable' : 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
