import { setTimeout as sleep } from 'node:timers/promises'
import { pauseBeforeAskingAgain } from '@mate-bench/datasets'
import { BenchError, parseJson } from '@mate-bench/schema'
import type { z } from 'zod'
import { notOurSite, refusal, unreachable } from '../site/site-problem.ts'

/** As much as a manifest on disk may have. */
export const manifestLimits = { maximumBytes: 20_000_000, maximumDepth: 32 }
/** How long an answer may say nothing. The weights of a large network take minutes on a slow line. */
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
  return new TextDecoder().decode(await fetchBytes(address, site, manifestLimits.maximumBytes))
}

/**
 * The bytes of an answer, at most so many, asked for again where the site is busy.
 * @param patience milliseconds in which something of the answer must come
 */
export async function fetchBytes(
  address: URL,
  site: URL,
  maximumBytes: number,
  patience = patienceMilliseconds,
): Promise<Uint8Array> {
  try {
    for (let asked = 1; ; asked++) {
      const { response, bytes } = await askOnce(address, maximumBytes, patience)
      if (response.ok) return bytes
      const pause = pauseBeforeAskingAgain(response, asked)
      if (pause === undefined) throw refusal(response.status, new TextDecoder().decode(bytes))
      await sleep(pause)
    }
  } catch (thrown) {
    throw thrown instanceof BenchError ? thrown : unreachable(site, thrown)
  }
}

async function askOnce(address: URL, maximumBytes: number, patience: number) {
  const silence = new AbortController()
  const watch = setTimeout(() => silence.abort(new Error(`no data for ${patience / 1000} s`)), patience)
  try {
    const response = await fetch(address, {
      headers: { accept: 'application/json, */*;q=0.5' },
      // What was asked for over HTTPS is not taken from elsewhere.
      redirect: 'error',
      signal: silence.signal,
    })
    return { response, bytes: await boundedBytes(response, address, maximumBytes, () => watch.refresh()) }
  } finally {
    clearTimeout(watch)
  }
}

/** The text of an answer of a site, read no further than a manifest is long. */
export async function boundedText(response: Response, address: URL): Promise<string> {
  return new TextDecoder().decode(await boundedBytes(response, address, manifestLimits.maximumBytes))
}

/** Stops reading where an answer grows beyond what is asked for; a refusal may be as long as a manifest. */
async function boundedBytes(
  response: Response,
  address: URL,
  maximumBytes: number,
  onBytes: () => void = () => {},
): Promise<Uint8Array> {
  const most = response.ok ? maximumBytes : manifestLimits.maximumBytes
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    bytes += chunk.length
    onBytes()
    if (bytes <= most) continue
    throw new BenchError({
      code: 'bad-input',
      message: `The site’s answer is larger than ${most < manifestLimits.maximumBytes ? 'the file that was asked for' : 'any manifest'}.`,
      path: address.href,
      hint: 'Check that the address is one of a MATE Bench site.',
    })
  }
  return Buffer.concat(chunks)
}
