import { gunzipSync } from 'node:zlib'
import { fetchBytes } from './load.ts'

/** Bytes that a first visit transfers, compressed. */
export interface PageWeight {
  readonly htmlBytes: number
  readonly scriptBytes: number
  readonly scripts: number
  readonly styleBytes: number
}

/** What the page itself names: its scripts and style sheets. What a script loads later is not counted. */
export async function weighPage(url: URL): Promise<PageWeight> {
  const { bytes, encoding } = await fetchBytes(url)
  const html = (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')
  const scripts = namedIn(html, /<script\b[^>]*?\bsrc="([^"]+)"/g)
  const styles = namedIn(html, /<link\b[^>]*?\brel="stylesheet"[^>]*?\bhref="([^"]+)"/g)
  const weigh = async (paths: readonly string[]) => {
    let sum = 0
    for (const path of paths) sum += (await fetchBytes(new URL(path, url))).bytes.length
    return sum
  }
  return {
    htmlBytes: bytes.length,
    scriptBytes: await weigh(scripts),
    scripts: scripts.length,
    styleBytes: await weigh(styles),
  }
}

/** Of this site, each once. */
function namedIn(html: string, pattern: RegExp): string[] {
  const paths = [...html.matchAll(pattern)].flatMap(([, path]) => path?.replaceAll('&amp;', '&') ?? [])
  return [...new Set(paths)].filter((path) => path.startsWith('/') && !path.startsWith('//'))
}
