import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import type { Account } from './account.ts'
import { buildName, isUnderWay } from './build-name.ts'
import { runBinary } from './run-binary.ts'

/** Name of the superuser and of the database of the embedded server. */
export const databaseUser = 'mate_bench'

/** Inside the folder: `cluster/data` is Postgres's, `cluster/password` ours; both appear in one rename. */
export const clusterPaths = (folder: string) => ({
  cluster: join(folder, 'cluster'),
  data: join(folder, 'cluster', 'data'),
  password: join(folder, 'cluster', 'password'),
  log: join(folder, 'cluster', 'postgres.log'),
})

export interface ClusterOptions {
  readonly folder: string
  readonly binaries: string
  readonly account: Account | undefined
}

/** Major version that made the data; undefined where there is none yet. */
export function clusterVersion(folder: string): string | undefined {
  const file = join(clusterPaths(folder).data, 'PG_VERSION')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

/**
 * Makes an empty database server on disk. Several processes may try: each builds its own and the first to rename
 * it into place wins, so there is no lock that could be left behind. Most of them see that another is at it and
 * leave it the work.
 *
 * @returns false where another process is building: look again in a moment
 */
export async function createCluster({ folder, binaries, account }: ClusterOptions): Promise<boolean> {
  removeAbandoned(folder)
  const place = clusterPaths(folder).cluster
  const name = buildName('cluster')
  const unfinished = join(folder, name)
  const password = join(unfinished, 'password')
  mkdirSync(unfinished, { mode: 0o700 })
  try {
    if (clusterBuilds(folder).some((other) => other < name)) return false
    writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (account) for (const path of [unfinished, password]) chownSync(path, account.uid, account.gid)
    const { status, output } = await runBinary(
      'initdb',
      [
        ...['--pgdata', join(unfinished, 'data'), '--username', databaseUser],
        ...['--auth', 'scram-sha-256', '--pwfile', password],
        // The same order of text on every machine.
        ...['--encoding', 'UTF8', '--locale', 'C'],
      ],
      { binaries, account, cwd: unfinished },
    )
    if (status !== 0) throw initFailed(folder, output)
    try {
      renameSync(unfinished, place)
    } catch (thrown) {
      if (clusterVersion(folder) === undefined) throw thrown
    }
    return true
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** Names of those that a process is at; of several the first goes on. */
function clusterBuilds(folder: string): string[] {
  return readdirSync(folder).filter(
    (name) => /^cluster\..+\.new$/.test(name) && isUnderWay(join(folder, name)),
  )
}

/** What processes that were killed while they built it left behind. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!/^(cluster|server-\d+)\..+\.new$/.test(name) || isUnderWay(path)) continue
    rmSync(path, { recursive: true, force: true })
  }
}

function initFailed(folder: string, output: string): BenchError {
  return new BenchError({
    code: 'storage',
    message: `Postgres could not make its data folder: ${lastLine(output)}.`,
    path: folder,
    hint: 'Free some space or choose another folder with MATE_BENCH_DB, or set DATABASE_URL to a Postgres that is running.',
  })
}

export function lastLine(text: string): string {
  const lines = text.trim().split('\n')
  const telling = lines.filter((line) => /error|fatal|could not|denied/i.test(line)).at(-1)
  return (telling ?? lines.at(-1) ?? 'no reason given').trim().replace(/\.$/, '')
}
