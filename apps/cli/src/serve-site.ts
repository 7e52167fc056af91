import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import { freePort } from './free-port.ts'
import { withOwnDatabase, withStore } from './prepared-store.ts'
import { loadIntoEmpty } from './results/load-into-empty.ts'
import { buildStaleSite, siteFolder, siteServer } from './site-build.ts'

export interface ServeOptions {
  /** Wished port; the next free one is taken where it is in use. */
  readonly port: number
  /** Whether an empty database gets the results that ship. */
  readonly results: boolean
  /** Fires to stop the site and what was started for it. */
  readonly stop: AbortSignal
  readonly say: (line: string) => void
}

const host = '127.0.0.1'
const startMilliseconds = 60_000
/** For requests that are being answered; then the site is ended by force. */
const stopMilliseconds = 5000

/**
 * Serves the site until `stop` fires: builds it where its sources are newer than the last build, prepares the
 * database, prints the address once the site answers. An embedded database that was started here ends with it, unless
 * others are connected to it by then.
 *
 * @throws BenchError `internal` when the site can't be built or ends by itself, `conflict` without a free port
 */
export async function serveSite({ port: wished, results, stop, say }: ServeOptions): Promise<void> {
  if (stop.aborted) return
  await withOwnDatabase(async () => {
    await withStore(async () => {})
    if (results) await loadIntoEmpty({ stop, say })
    await buildStaleSite({ stop, say })
    const port = await freePort(wished)
    if (!stop.aborted) await serveBuilt(port, stop, say)
  })
}

async function serveBuilt(port: number, stop: AbortSignal, say: (line: string) => void): Promise<void> {
  const site = startServer(port)
  const ended = once(site, 'exit')
  let force: NodeJS.Timeout | undefined
  const end = () => {
    site.kill('SIGTERM')
    force ??= setTimeout(() => site.kill('SIGKILL'), stopMilliseconds)
  }
  stop.addEventListener('abort', end, { once: true })
  try {
    const first = await Promise.race([answering(`http://${host}:${port}/api/v1/health`, stop), ended])
    if (first === true) say(`The site is at http://localhost:${port}  (Ctrl-C stops it)`)
    if (first === false && !stop.aborted) throw neverAnswered()
    await ended
    if (!stop.aborted) throw siteEnded(site.exitCode)
  } catch (thrown) {
    end()
    await ended
    throw thrown
  } finally {
    stop.removeEventListener('abort', end)
    clearTimeout(force)
  }
}

/** In a process group of its own: a Ctrl-C of the terminal reaches us, and we stop it in order. */
function startServer(port: number) {
  return spawn(process.execPath, [siteServer(), '--port', String(port), '--hostname', host], {
    cwd: siteFolder(),
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
    env: { ...process.env, PORT: String(port), NEXT_TELEMETRY_DISABLED: '1' },
  })
}

/** @returns false where it never did, or was stopped before */
async function answering(url: string, stop: AbortSignal): Promise<boolean> {
  for (const began = Date.now(); Date.now() - began < startMilliseconds && !stop.aborted; ) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return true
    await sleep(150)
  }
  return false
}

function neverAnswered(): BenchError {
  return new BenchError({
    code: 'internal',
    message: `The site did not answer within ${startMilliseconds / 1000} s.`,
    hint: 'Its own messages are above. If the machine is busy, try again.',
  })
}

function siteEnded(code: number | null): BenchError {
  return new BenchError({
    code: 'internal',
    message: `The site ended by itself${code === null ? '' : ` with exit code ${code}`}.`,
    hint: 'Its own messages are above.',
  })
}
