import { BenchError } from '@mate-bench/schema'
import { serveSite } from '../../apps/cli/src/serve-site.ts'

export interface WithSiteOptions {
  /** Wished port; the next free one is taken. */
  readonly port: number
  readonly stop: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Serves the site over the database of the environment as `mate-bench serve` does, for as long as `work` takes.
 *
 * @param work is given the site's address, `http://127.0.0.1:PORT`
 */
export async function withSite<T>(
  { port, stop, say }: WithSiteOptions,
  work: (site: URL) => Promise<T>,
): Promise<T> {
  const done = new AbortController()
  let tellAddress: (address: string) => void = () => {}
  const address = new Promise<string>((resolve) => {
    tellAddress = resolve
  })
  const serving = serveSite({
    port,
    results: false,
    stop: AbortSignal.any([stop, done.signal]),
    say(line) {
      const found = /http:\/\/localhost:\d+/.exec(line)?.[0]
      if (found === undefined) say(line)
      else tellAddress(found)
    },
  })
  try {
    // A site that can't be served rejects; one that was stopped before it answered has no address.
    const found = await Promise.race([address, serving])
    if (found === undefined) throw stopped()
    return await Promise.race([work(new URL(found.replace('localhost', '127.0.0.1'))), untilAborted(stop)])
  } finally {
    done.abort()
    await serving
  }
}

async function untilAborted(stop: AbortSignal): Promise<never> {
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
  throw stopped()
}

function stopped(): BenchError {
  return new BenchError({ code: 'interrupted', message: 'Stopped.' })
}
