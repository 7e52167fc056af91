import { z } from 'zod'

const accept = 'application/vnd.pypi.simple.v1+json, text/html;q=0.5'
const answerMilliseconds = 60_000

const projectSchema = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) })

/**
 * Address of one file of a package on a simple index, or undefined where the index has no such file.
 *
 * PEP 503 (HTML) and PEP 691 (JSON): https://packaging.python.org/en/latest/specifications/simple-repository-api/
 *
 * @throws Error where the index does not answer
 */
export async function findOnIndex(
  index: string,
  packageName: string,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = packageName.toLowerCase().replace(/[-_.]+/g, '-')
  const response = await fetch(`${index.replace(/\/+$/, '')}/${name}/`, {
    headers: { accept },
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerMilliseconds)]),
  })
  if (response.status === 404) return undefined
  if (!response.ok) throw new Error(`it answered ${response.status}`)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  const href = isJson ? inJson(text, file) : inHtml(text, file)
  if (href === undefined) return undefined
  const url = new URL(href, response.url)
  url.hash = ''
  return url.href
}

function inJson(text: string, file: string): string | undefined {
  const project = projectSchema.parse(JSON.parse(text))
  return project.files.find(({ filename }) => filename === file)?.url
}

/** The anchor whose text is the file's name. */
function inHtml(text: string, file: string): string | undefined {
  for (const [, attributes = '', content = ''] of text.matchAll(/<a\s([^>]*)>([^<]*)<\/a>/gi)) {
    const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes)
    if (content.trim() === file) return (href?.[1] ?? href?.[2])?.replaceAll('&amp;', '&')
  }
  return undefined
}
