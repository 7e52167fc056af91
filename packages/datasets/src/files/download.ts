import { open, rename, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import type { PublishedFile } from '../dataset.ts'
import { pauseBeforeAskingAgain } from './busy-server.ts'
import { type Mismatch, mismatchOfFile } from './checksum.ts'
import { errorCode, storageErrorFrom } from './storage-error.ts'

const stallMilliseconds = 60_000
/** Broken transfers are taken up again as long as each brings something, but not for ever. */
const attemptsPerAddress = 20

export interface DownloadOptions {
  /** Bytes that are there, those of an earlier attempt included. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly onVerifying?: (() => void) | undefined
  readonly signal: AbortSignal
}

/** What a download needs to know of a file. */
export type DownloadableFile = Pick<PublishedFile, 'name' | 'urls' | 'bytes' | 'sha256' | 'md5'>

/** Why a file could not be had: the last content that differed, else what each address answered. */
export interface DownloadFailure {
  readonly mismatch?: { readonly url: string } & Mismatch
  readonly problems: readonly string[]
}

/**
 * Downloads one file to `target` by way of `target.part`, which a later call takes up with an HTTP Range
 * request. A server that is busy is asked again. Only a file with the published size and checksum gets its name.
 *
 * @returns undefined when `target` is there, else why not
 * @throws BenchError `interrupted` when the signal fires, `storage` when the disk refuses
 */
export async function downloadFile(
  file: DownloadableFile,
  target: string,
  opts: DownloadOptions,
): Promise<DownloadFailure | undefined> {
  const part = `${target}.part`
  const problems: string[] = []
  let mismatch: DownloadFailure['mismatch']
  for (const url of file.urls) {
    let refused = 0
    for (let attempt = 1; attempt <= attemptsPerAddress; attempt++) {
      const outcome = await transfer(url, part, file.bytes, opts)
      if (outcome.state === 'refused') {
        const pause = pauseBeforeAskingAgain(outcome.response, ++refused)
        if (pause === undefined) {
          const often = refused > 1 ? `, asked ${refused} times` : ''
          problems.push(`${url}: the server answered ${outcome.response.status}${often}`)
          break
        }
        await sleep(pause, undefined, { signal: opts.signal }).catch(() => {
          throw interrupted(url, opts.signal)
        })
        continue
      }
      if (outcome.state === 'complete') {
        opts.onVerifying?.()
        const found = await mismatchOfFile(file, part)
        if (!found) {
          await rename(part, target)
          return undefined
        }
        // The part is ours alone. What an earlier attempt left behind may be to blame: then once more from the start.
        await rm(part, { force: true })
        if (outcome.resumedAt > 0) continue
        mismatch = { url, ...found }
        break
      }
      if (outcome.state === 'other-size') {
        mismatch = { url, expected: `${file.bytes} bytes`, found: outcome.found }
        break
      }
      if (!outcome.retry || attempt === attemptsPerAddress) {
        problems.push(`${url}: ${outcome.why}`)
        break
      }
    }
  }
  return mismatch ? { mismatch, problems } : { problems }
}

type Outcome =
  | { readonly state: 'complete'; readonly resumedAt: number }
  | { readonly state: 'refused'; readonly response: Response }
  | { readonly state: 'broken'; readonly retry: boolean; readonly why: string }
  | { readonly state: 'other-size'; readonly found: string }

/** One request: from the end of `part` if there is one and the server knows ranges, else from the start. */
async function transfer(url: string, part: string, bytes: number, opts: DownloadOptions): Promise<Outcome> {
  let have = await stat(part).then(
    (found) => found.size,
    () => 0,
  )
  if (have === bytes) return { state: 'complete', resumedAt: have }
  if (have > bytes) {
    await rm(part, { force: true })
    have = 0
  }
  const stall = new AbortController()
  const watch = setTimeout(() => stall.abort(new Error('no data for a minute')), stallMilliseconds)
  const before = have
  let received = 0
  try {
    const response = await fetch(url, {
      // `identity`: a server that unpacks or packs .gz files on its way would give other bytes.
      headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      signal: AbortSignal.any([opts.signal, stall.signal]),
    })
    const resumed = response.status === 206 && rangeStart(response) === have
    if (!response.ok || !response.body || (response.status === 206 && !resumed)) {
      await response.body?.cancel()
      // A server that refuses the range, or gives another one, can only serve from the start.
      const badRange = have > 0 && (response.status === 416 || response.status === 206)
      if (!badRange) return { state: 'refused', response }
      await rm(part, { force: true })
      return { state: 'broken', retry: true, why: `the server answered ${response.status}` }
    }
    if (!resumed) {
      have = 0
      const announced = response.headers.get('content-length')
      if (announced !== null && Number(announced) !== bytes) {
        await response.body.cancel()
        return { state: 'other-size', found: `${announced} bytes` }
      }
    }
    const handle = await open(part, resumed ? 'a' : 'w')
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        if (have + chunk.length > bytes) return await tooLarge(part)
        await handle.appendFile(chunk)
        have += chunk.length
        received += chunk.length
        watch.refresh()
        opts.onBytes?.(have)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (have === bytes) return { state: 'complete', resumedAt: resumed ? before : 0 }
    return { state: 'broken', retry: received > 0, why: `the transfer ended after ${have} of ${bytes} bytes` }
  } catch (error) {
    if (opts.signal.aborted) throw interrupted(url, opts.signal)
    const storage = storageErrorFrom(error, part)
    if (storage instanceof BenchError) throw storage
    return { state: 'broken', retry: received > 0, why: reasonOf(error) }
  } finally {
    clearTimeout(watch)
  }
}

async function tooLarge(part: string): Promise<Outcome> {
  await rm(part, { force: true })
  return { state: 'other-size', found: 'more' }
}

/** First byte of a `Content-Range: bytes 100-199/200` header. */
function rangeStart(response: Response): number | undefined {
  const match = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')
  return match?.[1] === undefined ? undefined : Number(match[1])
}

/** fetch says only "fetch failed": the reason is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code = errorCode(cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  return code && !message.includes(code) ? `${code} ${message}`.trim() : message
}

function interrupted(url: string, signal: AbortSignal): BenchError {
  if (signal.reason instanceof BenchError) return signal.reason
  return new BenchError({
    code: 'interrupted',
    message: `The download of ${url} was stopped.`,
    hint: 'Run the command again: it goes on where it stopped.',
  })
}
