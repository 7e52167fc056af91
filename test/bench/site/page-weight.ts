import { gunzipSync } from 'node:zlib'
import { fetchBytes } from './load.ts'

/** Bytes that a first visit transfers, as gzip and as a browser gets them, by Brotli. */
export interface PageWeight {
  readonly html: Weight
  /** The page once more, for React: a file that is read after the page is shown. */
  readonly data: Weight
  readonly scripts: Weight
  readonly scriptCount: number
  readonly styles: Weight
}

interface Weight {
  readonly gzipBytes: number
  readonly brotliBytes: number
}

/**
 * What the page itself names: its style sheets, and the scripts that a browser of this decade asks for (not those marked `noModule`).
 * What a script loads later is not counted.
 */
export async function weighPage(url: URL): Promise<PageWeight> {
  const { bytes, encoding } = await fetchBytes(url)
  const html = (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')
  const named = namedIn(html, /<script\b(?![^>]*\bnoModule\b)[^>]*?\bsrc="([^"]+)"/g)
  const isData = (path: string) => path.startsWith('/_page/')
  const scripts = named.filter((path) => !isData(path))
  const styles = namedIn(html, /<link\b[^>]*?\brel="stylesheet"[^>]*?\bhref="([^"]+)"/g)
  const weigh = async (paths: readonly string[]): Promise<Weight> => {
    let [gzipBytes, brotliBytes] = [0, 0]
    for (const path of paths) {
      gzipBytes += (await fetchBytes(new URL(path, url))).bytes.length
      brotliBytes += (await fetchBrotli(new URL(path, url))).length
    }
    return { gzipBytes, brotliBytes }
  }
  return {
    html: { gzipBytes: bytes.length, brotliBytes: (await fetchBrotli(url)).length },
    data: await weigh(named.filter(isData)),
    scripts: await weigh(scripts),
    scriptCount: scripts.length,
    styles: await weigh(styles),
  }
}

/** The site makes it when it is asked for first, and answers by gzip until it is there. */
async function fetchBrotli(url: URL): Promise<Buffer> {
  for (let tries = 0; ; tries++) {
    const { bytes, encoding } = await fetchBytes(url, undefined, 'gzip, br')
    if (encoding === 'br' || tries === 200) return bytes
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Of this site, each once. */
function namedIn(html: string, pattern: RegExp): string[] {
  const paths = [...html.matchAll(pattern)].flatMap(([, path]) => path?.replaceAll('&amp;', '&') ?? [])
  return [...new Set(paths)].filter((path) => path.startsWith('/') && !path.startsWith('//'))
}
