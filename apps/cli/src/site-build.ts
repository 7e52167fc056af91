import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolder } from '@mate-bench/harness/environment'
import { lockByProcess, type ProcessLock } from '@mate-bench/harness/process-lock'
import { BenchError } from '@mate-bench/schema'

export const siteFolder = () => join(projectFolder(), 'apps/web')

/** The program that serves the built site. */
export const siteServer = () => join(siteFolder(), 'bin/serve.js')

/** The program that builds the site. */
function nextBinary(): string {
  return createRequire(join(siteFolder(), 'package.json')).resolve('next/dist/bin/next')
}

/**
 * Builds the site where its sources are newer than the last build, after whoever builds it already.
 *
 * @throws BenchError `internal` with the last lines of the builder; not when it was stopped
 */
export async function buildStaleSite({ stop, say }: BuildOptions): Promise<void> {
  if (!isBuildStale()) return
  const lock = await lockBuild({ stop, say })
  try {
    // Another process may have done it meanwhile.
    if (stop.aborted || !isBuildStale()) return
    say('Building the site (once; about a minute) ...')
    await buildSite(stop)
  } finally {
    lock?.release()
  }
}

interface BuildOptions {
  readonly stop: AbortSignal
  readonly say: (line: string) => void
}

/** Next.js gives up where another build runs. @returns undefined where it was stopped before its turn */
async function lockBuild({ stop, say }: BuildOptions): Promise<ProcessLock | undefined> {
  for (let isFirst = true; !stop.aborted; isFirst = false) {
    try {
      return await lockByProcess(join(siteFolder(), '.build.lock'), 'the build of the site', { signal: stop })
    } catch (thrown) {
      if (stop.aborted) break
      if (!(thrown instanceof BenchError && thrown.code === 'conflict')) throw thrown
      if (isFirst) say('Another process builds the site: waiting for it ...')
      await sleep(500, undefined, { signal: stop }).catch(() => {})
    }
  }
  return undefined
}

/**
 * Builds the site.
 *
 * @throws BenchError `internal` with the last lines of the builder; not when it was stopped
 */
async function buildSite(stop: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [nextBinary(), 'build'], {
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

/** Whether a source of the site or of the packages below it is newer than the last build, or that one broke off. */
export function isBuildStale(folder: string = projectFolder()): boolean {
  const build = join(folder, 'apps/web/.next')
  const built = statSync(join(build, 'BUILD_ID'), { throwIfNoEntry: false })?.mtimeMs
  // The id is written half-way, the marker at the end.
  if (built === undefined || !existsSync(join(build, 'export-marker.json'))) return true
  const roots = [
    'apps/web/src',
    'apps/web/next.config.ts',
    'package-lock.json',
    'packages/results/study/study.json',
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
