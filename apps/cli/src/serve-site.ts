import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolder } from '@mate-bench/harness/environment'
import { BenchError } from '@mate-bench/schema'
import { withOwnDatabase, withStore } from './prepared-store.ts'

export interface ServeOptions {
  /** Wished port; the next free one is taken where it is in use. */
  readonly port: number
  /** Fires to stop the site and what was started for it. */
  readonly stop: AbortSignal
  readonly say: (line: string) => void
}

const host = '127.0.0.1'
const portsTried = 50
const patienceMilliseconds = 60_000

/**
 * Serves the site until `stop` fires: builds it where its sources are newer than the last build, prepares the
 * database, prints the address once the site answers. An embedded database that was started here ends with it.
 *
 * @throws BenchError `internal` when the site can't be built or ends by itself, `conflict` without a free port
 */
export async function serveSite({ port: wished, stop, say }: ServeOptions): Promise<void> {
  await withOwnDatabase(async () => {
    await withStore(async () => {})
    if (isBuildStale()) {
      say('Building the site (once; about a minute) ...')
      await runNext(['build'], stop)
    }
    if (!stop.aborted) await serveBuilt(await freePort(wished), stop, say)
  })
}

async function serveBuilt(port: number, stop: AbortSignal, say: (line: string) => void): Promise<void> {
  const site = startNext(port)
  const ended = once(site, 'exit')
  const kill = () => site.kill('SIGTERM')
  stop.addEventListener('abort', kill, { once: true })
  try {
    await Promise.race([answering(`http://${host}:${port}/api/v1/health`, stop), ended])
    if (site.exitCode === null && !stop.aborted)
      say(`The site is at http://localhost:${port}  (Ctrl-C stops it)`)
    await ended
    if (!stop.aborted) throw siteEnded(site.exitCode)
  } finally {
    stop.removeEventListener('abort', kill)
    kill()
  }
}

const siteFolder = () => join(projectFolder(), 'apps/web')

function nextBinary(): string {
  return createRequire(join(siteFolder(), 'package.json')).resolve('next/dist/bin/next')
}

/** In a process group of its own: a Ctrl-C of the terminal reaches us, and we stop it in order. */
function startNext(port: number) {
  return spawn(process.execPath, [nextBinary(), 'start', '--port', String(port), '--hostname', host], {
    cwd: siteFolder(),
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
    env: { ...process.env, PORT: String(port), NEXT_TELEMETRY_DISABLED: '1' },
  })
}

async function runNext(args: readonly string[], stop: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [nextBinary(), ...args], {
    cwd: siteFolder(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  })
  const kill = () => child.kill('SIGTERM')
  stop.addEventListener('abort', kill, { once: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
    })
  }
  const [code] = await once(child, 'close')
  stop.removeEventListener('abort', kill)
  if (code === 0 || stop.aborted) return
  throw new BenchError({
    code: 'internal',
    message: `The site could not be built:\n${output.trim().split('\n').slice(-20).join('\n')}`,
    hint: 'Run `npm run build` to see all of it.',
  })
}

/** Whether a source of the site or of the packages below it is newer than the last build. */
export function isBuildStale(folder: string = projectFolder()): boolean {
  const built = statSync(join(folder, 'apps/web/.next/BUILD_ID'), { throwIfNoEntry: false })?.mtimeMs
  if (built === undefined) return true
  const roots = [
    'apps/web/src',
    'apps/web/next.config.ts',
    'package-lock.json',
    ...readdirSync(join(folder, 'packages')).map((name) => `packages/${name}/src`),
  ]
  return roots.some((root) => newest(join(folder, root)) > built)
}

function newest(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0)
}

async function freePort(wished: number): Promise<number> {
  for (let port = wished; port < wished + portsTried; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer()
        .once('error', () => resolve(false))
        .listen(port, host, () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
  throw new BenchError({
    code: 'conflict',
    message: `No port from ${wished} to ${wished + portsTried - 1} is free.`,
    hint: 'Choose another with --port.',
  })
}

async function answering(url: string, stop: AbortSignal): Promise<void> {
  for (const began = Date.now(); Date.now() - began < patienceMilliseconds && !stop.aborted; ) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await sleep(150)
  }
}

function siteEnded(code: number | null): BenchError {
  return new BenchError({
    code: 'internal',
    message: `The site ended by itself${code === null ? '' : ` with exit code ${code}`}.`,
    hint: 'Its own messages stand above.',
  })
}
