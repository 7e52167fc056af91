import { setTimeout as sleep } from 'node:timers/promises'
import { pauseBeforeAskingAgain } from '@mate-bench/datasets'
import { BenchError, parseJson } from '@mate-bench/schema'
import type { z } from 'zod'
import { notOurSite, refusal, unreachable } from '../site/site-problem.ts'

/** As much as a manifest on disk may have. */
export const manifestLimits = { maximumBytes: 20_000_000, maximumDepth: 32 }
/** How long an answer may take. */
const patienceMilliseconds = 30_000

/** What a site answers, in the form that is expected of it. */
export async function fetchJson<S extends z.ZodType>(
  address: URL,
  site: URL,
  schema: S,
): Promise<z.output<S>> {
  const parsed = schema.safeParse(parseJson(await fetchText(address, site), address.href, manifestLimits))
  if (parsed.success) return parsed.data
  throw notOurSite(site, parsed.error)
}

/** The text of an answer, asked for again where the site is busy. */
export async function fetchText(address: URL, site: URL): Promise<string> {
  try {
    for (let asked = 1; ; asked++) {
      const response = await fetch(address, {
        headers: { accept: 'application/json' },
        // What was asked for over HTTPS is not taken from elsewhere.
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMilliseconds),
      })
      const text = await boundedText(response, address)
      if (response.ok) return text
      const pause = pauseBeforeAskingAgain(response, asked)
      if (pause === undefined) throw refusal(response.status, text)
      await sleep(pause)
    }
  } catch (thrown) {
    throw thrown instanceof BenchError ? thrown : unreachable(site, thrown)
  }
}

/** Stops reading where an answer grows beyond all manifests. */
async function boundedText(response: Response, address: URL): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes <= manifestLimits.maximumBytes) continue
    throw new BenchError({
      code: 'bad-input',
      message: 'The site’s answer is larger than any manifest.',
      path: address.href,
      hint: 'Check that the address is one of a MATE Bench site.',
    })
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}
