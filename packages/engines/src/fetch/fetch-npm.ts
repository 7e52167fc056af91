import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BenchError } from '@mate-bench/schema'
import type { NpmPin } from '../engine.ts'
import type { FetchOptions } from './fetch-wheel.ts'
import { npmCommand } from './npm-command.ts'

const run = promisify(execFile)

/** File name that `npm pack` gives, such as `tensorflow-tfjs-node-4.22.0.tgz`. */
export function tarballName({ package: name, version }: NpmPin): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
}

/**
 * Brings a pinned npm package's tarball by `npm pack`, which honours npm's registry, proxy and cache. Nothing of it runs.
 *
 * @returns the tarball's path
 * @throws BenchError `offline`, `checksum-mismatch`, `interrupted`
 */
export async function fetchNpm(pin: NpmPin, options: FetchOptions): Promise<string> {
  const file = tarballName(pin)
  const target = join(options.folder, file)
  for (const found of [target, ...(options.from ? [join(options.from, file)] : [])]) {
    if ((await integrityOf(found)) === pin.integrity) return found
  }
  options.onProgress?.({
    phase: 'downloading',
    item: `${pin.package}@${pin.version}`,
    bytes: 0,
    totalBytes: 0,
  })
  await mkdir(options.folder, { recursive: true })
  const folder = await mkdtemp(join(options.folder, '.npm-'))
  try {
    const npm = npmCommand()
    await run(
      npm.program,
      [
        ...npm.args,
        'pack',
        `${pin.package}@${pin.version}`,
        '--loglevel=error',
        '--pack-destination',
        folder,
      ],
      {
        signal: options.signal,
      },
    )
    const [packed] = await readdir(folder)
    if (packed === undefined) throw new Error('npm brought no file')
    const found = await integrityOf(join(folder, packed))
    if (found !== pin.integrity) throw otherPackage(pin, found)
    await rename(join(folder, packed), target)
    return target
  } catch (thrown) {
    if (thrown instanceof BenchError) throw thrown
    if (options.signal.aborted) {
      throw new BenchError({
        code: 'interrupted',
        message: `The download of ${pin.package} was stopped.`,
        hint: 'Run the command again.',
      })
    }
    throw new BenchError({
      code: 'offline',
      message: `${pin.package}@${pin.version} could not be downloaded by npm: ${reason(thrown)}.`,
      path: file,
      hint: `Check \`npm view ${pin.package}@${pin.version}\`; on a machine that reaches the registry \`npm pack\` it, and add --from DIR here.`,
      cause: thrown,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function integrityOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined)
  return bytes && `sha512-${createHash('sha512').update(bytes).digest('base64')}`
}

function otherPackage({ package: name, version, integrity }: NpmPin, found: string | undefined): BenchError {
  return new BenchError({
    code: 'checksum-mismatch',
    message: `${name}@${version} is not the package that is pinned: expected ${integrity}, found ${found}.`,
    path: name,
    hint: 'Nothing of it was used. If your registry is a mirror, it holds other bytes under this name.',
  })
}

function reason(thrown: unknown): string {
  const stderr = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr).trim() : ''
  const message = stderr || (thrown instanceof Error ? thrown.message : String(thrown))
  const lines = message.split('\n').map((line) => line.replace(/^npm error\s*/, '').trim())
  return lines.find((line) => line !== '' && !/^code |complete log/.test(line)) ?? 'no reason given'
}
