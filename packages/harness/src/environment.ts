import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpenBackend } from '@mate-bench/backends'
import { digestBytes } from '@mate-bench/provenance'
import { type Manifest, textFault } from '@mate-bench/schema'

/** The folder of the checkout that this code runs from: the nearest one above with a lockfile. */
export function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const parent = dirname(folder)
    if (parent === folder) return process.cwd()
    folder = parent
  }
  return folder
}

/**
 * Commit and lockfile of the running code; null where the code is no git checkout and nothing says what it is. An image
 * does, in MATE_BENCH_COMMIT and MATE_BENCH_DIRTY (`true` or `false`).
 */
export function describeCode(folder = projectFolder()): Manifest['code'] {
  const git = (...args: string[]): string | null => {
    try {
      return execFileSync('git', ['-C', folder, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    } catch {
      return null
    }
  }
  const lockfile = join(folder, 'package-lock.json')
  // What git does not know can only matter through a file that it knows, changed to import it; runs, reports and the
  // like may lie anywhere.
  const status = git('status', '--porcelain', '--untracked-files=no')
  return {
    commit: process.env.MATE_BENCH_COMMIT || (git('rev-parse', 'HEAD')?.trim() ?? null),
    dirty: status === null ? statedDirty(process.env.MATE_BENCH_DIRTY) : status.trim() !== '',
    lockfileDigest: existsSync(lockfile) ? digestBytes(readFileSync(lockfile)) : null,
  }
}

function statedDirty(stated: string | undefined): boolean | null {
  return stated === 'true' || stated === 'false' ? stated === 'true' : null
}

/** What a machine calls itself, without what a manifest does not take. */
function plain(name: string): string {
  return [...name.trim()]
    .map((character) => (textFault(character) === undefined && !/[<>]/.test(character) ? character : '?'))
    .join('')
    .slice(0, 200)
}

export function describeEnvironment(backend: OpenBackend): Manifest['environment'] {
  return {
    node: process.version,
    os: `${platform()} ${release()}`,
    arch: arch(),
    cpu: plain(cpus()[0]?.model ?? 'unknown'),
    memoryBytes: totalmem(),
    ...(backend.gpu === undefined ? {} : { gpu: plain(backend.gpu) }),
    backend: { name: backend.name, version: backend.version, libraries: backend.libraries },
    threads: backend.threads,
    ...(process.env.MATE_BENCH_CONTAINER === undefined
      ? {}
      : { container: process.env.MATE_BENCH_CONTAINER }),
  }
}
