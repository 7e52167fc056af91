import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AdapterFacts, OpenBackend } from '@mate-bench/backends'
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
 *
 * @param warn told where there is a checkout and git does not give its commit
 */
export function describeCode(
  warn: (message: string) => void = () => {},
  folder = projectFolder(),
): Manifest['code'] {
  let refusal = ''
  const git = (...args: string[]): string | null => {
    // Git refuses the checkout of another user, as in a container, since its configuration may name programs to run.
    // This very checkout is running already.
    const trusted = ['-c', `safe.directory=${folder}`, '-C', folder]
    const { status, stdout, stderr, error } = spawnSync('git', [...trusted, ...args], { encoding: 'utf8' })
    if (status === 0) return stdout
    refusal = error?.message ?? stderr.trim().split('\n', 1).join('')
    return null
  }
  const lockfile = join(folder, 'package-lock.json')
  // What git does not know can only matter through a file that it knows, changed to import it; runs, reports and the
  // like may lie anywhere.
  const status = git('status', '--porcelain', '--untracked-files=no')
  const commit = process.env.MATE_BENCH_COMMIT || (git('rev-parse', 'HEAD')?.trim() ?? null)
  if (commit === null && existsSync(join(folder, '.git'))) {
    warn(`The manifest will not say which commit this is, since git does not: ${refusal}`)
  }
  return {
    commit,
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

function describeAdapter(
  { vendor, architecture, device, driver, software }: AdapterFacts,
  sameBytesTwice: boolean,
): NonNullable<Manifest['environment']['backend']['adapter']> {
  return {
    vendor: plain(vendor),
    architecture: plain(architecture),
    device: plain(device),
    driver: plain(driver),
    software,
    sameBytesTwice,
  }
}

export function describeEnvironment(backend: OpenBackend): Manifest['environment'] {
  return {
    node: process.version,
    os: `${platform()} ${release()}`,
    arch: arch(),
    cpu: plain(cpus()[0]?.model ?? 'unknown'),
    memoryBytes: totalmem(),
    ...(backend.gpu === undefined ? {} : { gpu: plain(backend.gpu) }),
    backend: {
      name: backend.name,
      version: backend.version,
      libraries: backend.libraries,
      settings: backend.settings,
      ...(backend.adapter === undefined
        ? {}
        : { adapter: describeAdapter(backend.adapter, backend.deterministic) }),
    },
    threads: backend.threads,
    ...(process.env.MATE_BENCH_CONTAINER === undefined
      ? {}
      : { container: process.env.MATE_BENCH_CONTAINER }),
  }
}
