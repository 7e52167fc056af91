import { Agent, get } from 'node:http'

export interface Load {
  readonly requests: number
  /** Answers that were not 200, and requests without an answer. */
  readonly failures: number
  readonly requestsPerSecond: number
  /** Undefined where nothing was answered. */
  readonly p50Milliseconds: number | undefined
  readonly p99Milliseconds: number | undefined
}

const patienceMilliseconds = 60_000

/**
 * So many readers ask for a page one time after another, each waiting for its answer, until the time is over; for several
 * pages in turn, a second each, so that what else the machine does falls on all of them alike.
 * Latency is until the last byte, as compressed; only addresses of this machine are asked.
 */
export async function measureLoads(urls: readonly URL[], readers: number, seconds: number): Promise<Load[]> {
  const slices = urls.map((): Slice[] => [])
  for (let second = 0; second < seconds; second++) {
    for (const [i, url] of urls.entries()) slices[i]?.push(await measureSlice(url, readers))
  }
  return slices.map(summarize)
}

interface Slice {
  readonly milliseconds: readonly number[]
  readonly asked: number
  readonly failures: number
  readonly elapsedSeconds: number
}

/** A second of it. */
async function measureSlice(url: URL, readers: number): Promise<Slice> {
  if (url.hostname !== '127.0.0.1') throw new RangeError(`${url.hostname} is not this machine`)
  const agent = new Agent({ keepAlive: true, maxSockets: readers })
  const milliseconds: number[] = []
  let asked = 0
  let failures = 0
  const began = performance.now()
  const deadline = began + 1000
  const read = async () => {
    while (performance.now() < deadline) {
      asked++
      const start = performance.now()
      const { status } = await fetchBytes(url, agent).catch(() => ({ status: 0 }))
      if (status === 200) milliseconds.push(performance.now() - start)
      else failures++
    }
  }
  await Promise.all(Array.from({ length: readers }, read))
  agent.destroy()
  return { milliseconds, asked, failures, elapsedSeconds: (performance.now() - began) / 1000 }
}

function summarize(slices: readonly Slice[]): Load {
  const milliseconds = slices.flatMap((slice) => slice.milliseconds).sort((a, b) => a - b)
  const sum = (of: (slice: Slice) => number) => slices.reduce((all, slice) => all + of(slice), 0)
  const elapsedSeconds = sum((slice) => slice.elapsedSeconds)
  return {
    requests: sum(({ asked }) => asked),
    failures: sum(({ failures }) => failures),
    requestsPerSecond: milliseconds.length / elapsedSeconds,
    p50Milliseconds: quantile(milliseconds, 0.5),
    p99Milliseconds: quantile(milliseconds, 0.99),
  }
}

/**
 * What a browser gets: compressed, and not decompressed here.
 *
 * @param accepted encodings that it can read
 */
export function fetchBytes(
  url: URL,
  agent?: Agent,
  accepted = 'gzip',
): Promise<{ status: number; bytes: Buffer; encoding: string }> {
  return new Promise((resolve, reject) => {
    const request = get(
      url,
      {
        ...(agent ? { agent } : {}),
        headers: { 'accept-encoding': accepted },
        timeout: patienceMilliseconds,
      },
      (response) => {
        const chunks: Buffer[] = []
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('error', reject)
          .on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              bytes: Buffer.concat(chunks),
              encoding: response.headers['content-encoding'] ?? '',
            }),
          )
      },
    )
    request.on('error', reject).on('timeout', () => request.destroy(new Error('no answer')))
  })
}

/** Nearest rank: a value that was measured. */
function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
