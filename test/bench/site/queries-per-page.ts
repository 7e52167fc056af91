import { BenchError } from '@mate-bench/schema'
import type { CountingProxy, SeenQuery } from './counting-proxy.ts'
import { fetchBytes } from './load.ts'

export interface PageQueries {
  readonly path: string
  /** When nothing is kept yet in the site's process. */
  readonly first: readonly SeenQuery[]
  readonly firstMilliseconds: number
  /** When it was asked for before. */
  readonly again: readonly SeenQuery[]
}

/**
 * Asks for each page twice, alone, and says what it asked the database each time. The version of the data is asked for once a
 * second, whatever is read, and not counted.
 *
 * @throws BenchError `internal` for a page that is not there: it would ask for little
 */
export async function countQueries(
  site: URL,
  paths: readonly string[],
  proxy: CountingProxy,
): Promise<PageQueries[]> {
  const found: PageQueries[] = []
  for (const path of paths) {
    const visit = async () => {
      proxy.take()
      const { status } = await fetchBytes(new URL(path, site))
      if (status !== 200)
        throw new BenchError({ code: 'internal', message: `The site answers ${status}.`, path })
      return proxy.take().filter(({ text }) => !text.includes('from "data_version"'))
    }
    const began = performance.now()
    const first = await visit()
    found.push({ path, first, firstMilliseconds: performance.now() - began, again: await visit() })
  }
  return found
}
