import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import pg from 'pg'
import type { EmbeddedServer } from '../drivers/db.ts'
import { isConnectionLost, storeErrorFromUnknown } from '../drivers/store-error.ts'
import type { Account } from './account.ts'
import { findBinaries } from './binaries.ts'
import { clusterPaths, clusterVersion, createCluster, databaseUser, lastLine } from './cluster.ts'
import { chooseFolder, defaultFolder } from './folder.ts'
import { discardPostmaster, isAlive, type Postmaster, readPostmaster } from './postmaster.ts'
import { runBinary } from './run-binary.ts'

export interface LaunchOptions {
  /** Default: `MATE_BENCH_DB`, or a folder of the user's. */
  readonly folder?: string | undefined
  /** Folder of `initdb`, `pg_ctl` and `postgres`; default: those that are found. */
  readonly binaries?: string | undefined
}

const patienceMilliseconds = 90_000
const maximumFailedStarts = 4

/**
 * Attaches to the server of a folder, starting it or making it first where there is none. Any number of processes
 * may do so at once: making is decided by a rename, starting by Postgres's own lock, so nothing of ours can go
 * stale. The server outlives the process that started it, listens on loopback only and flushes what it commits.
 *
 * @throws BenchError `storage`
 */
export async function launchEmbedded(options: LaunchOptions = {}): Promise<EmbeddedServer> {
  const { folder: wished } = options
  const { folder, account, notes } = chooseFolder(wished ?? defaultFolder())
  prepareFolder(folder, account)
  const { data } = clusterPaths(folder)
  const deadline = Date.now() + patienceMilliseconds
  let started = false
  for (let failedStarts = 0; Date.now() < deadline; ) {
    const postmaster = readPostmaster(data)
    if (postmaster && isAlive(postmaster)) {
      const url = postmaster.ready ? await connectable(folder, postmaster) : undefined
      if (url !== undefined) return { folder, port: postmaster.port, url, started, notes }
      await sleep(50)
      continue
    }
    if (postmaster) discardPostmaster(data, postmaster)
    const binaries =
      options.binaries ?? findBinaries({ folder, account, majorVersion: clusterVersion(folder) })
    if (clusterVersion(folder) === undefined && !(await createCluster({ folder, binaries, account }))) {
      await sleep(100)
      continue
    }
    started = await start(folder, binaries, account)
    if (started) continue
    // Lost the race, lost the port, or the children of a killed server still hold its memory.
    failedStarts++
    const rival = readPostmaster(data)
    if (!(rival && isAlive(rival)) && failedStarts >= maximumFailedStarts) break
    await sleep(150 * failedStarts)
  }
  throw cannotStart(folder)
}

/** Ends the server in an orderly way; sessions that are open are closed. False where none was running. */
export async function stopEmbedded({ folder: wished }: LaunchOptions = {}): Promise<boolean> {
  const { folder, account } = chooseFolder(wished ?? defaultFolder())
  const { data } = clusterPaths(folder)
  const postmaster = readPostmaster(data)
  if (!postmaster || !isAlive(postmaster)) return false
  const binaries = findBinaries({ folder, account, majorVersion: clusterVersion(folder) })
  const { status, output } = await runBinary('pg_ctl', ['stop', '-D', data, '-m', 'fast', '-w'], {
    binaries,
    account,
    cwd: folder,
  })
  if (status === 0) return true
  throw new BenchError({
    code: 'storage',
    message: `The embedded server did not stop: ${lastLine(output)}.`,
    path: folder,
  })
}

export interface EmbeddedStatus {
  readonly folder: string
  readonly notes: readonly string[]
  readonly running: boolean
  /** False where nothing has been made yet. */
  readonly exists: boolean
}

/** Looks without starting anything. */
export function embeddedStatus({ folder: wished }: LaunchOptions = {}): EmbeddedStatus {
  const { folder, notes } = chooseFolder(wished ?? defaultFolder())
  const postmaster = readPostmaster(clusterPaths(folder).data)
  const running = postmaster !== undefined && isAlive(postmaster)
  return { folder, notes, running, exists: clusterVersion(folder) !== undefined }
}

function prepareFolder(folder: string, account: Account | undefined): void {
  try {
    const firstMade = mkdirSync(folder, { recursive: true })
    if (account && firstMade !== undefined) {
      for (let made = folder; made.length >= firstMade.length; made = dirname(made)) {
        chownSync(made, account.uid, account.gid)
        // A strict umask would lock the server's user out of folders that were made for it.
        chmodSync(made, 0o755)
      }
    }
    if (account && readdirSync(folder).length === 0) chownSync(folder, account.uid, account.gid)
    const { cluster } = clusterPaths(folder)
    if (existsSync(cluster)) accessSync(cluster, constants.R_OK | constants.X_OK)
  } catch (thrown) {
    throw new BenchError({
      code: 'storage',
      message: `The folder of the embedded database cannot be used: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
      path: folder,
      hint: 'Run as its owner, choose another folder with MATE_BENCH_DB, or set DATABASE_URL.',
      cause: thrown,
    })
  }
}

/** The URL of a running server once it lets us in and has our database. */
async function connectable(folder: string, { port }: Postmaster): Promise<string | undefined> {
  const url = urlOf(folder, port, databaseUser)
  try {
    await ensureDatabase(urlOf(folder, port, 'postgres'))
    return url
  } catch (thrown) {
    // Starting up or shutting down: look again. Anything else will not pass by itself.
    if (isConnectionLost(thrown)) return undefined
    if (isWrongPassword(thrown)) throw wrongPassword(clusterPaths(folder).password, thrown)
    throw storeErrorFromUnknown(thrown, { doing: 'attaching to the embedded server' })
  }
}

function isWrongPassword(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === '28P01'
}

function wrongPassword(file: string, cause: unknown): BenchError {
  return new BenchError({
    code: 'storage',
    message: 'The embedded server does not take the password of its own file.',
    path: file,
    hint: 'Put the file back from a backup, or choose another folder with MATE_BENCH_DB and publish again from the run folders.',
    cause,
  })
}

function urlOf(folder: string, port: number, database: string): string {
  const password = encodeURIComponent(readPassword(clusterPaths(folder).password))
  return `postgres://${databaseUser}:${password}@127.0.0.1:${port}/${database}`
}

function readPassword(file: string): string {
  let password: string
  try {
    password = readFileSync(file, 'utf8').trim()
  } catch (thrown) {
    throw new BenchError({
      code: 'storage',
      message: 'The password of the embedded server cannot be read.',
      path: file,
      hint: 'The folder belongs to another user: run as that user, or choose another folder with MATE_BENCH_DB.',
      cause: thrown,
    })
  }
  if (password !== '') return password
  throw new BenchError({
    code: 'storage',
    message: 'The file with the password of the embedded server is empty.',
    path: file,
    hint: 'Put it back from a backup, or choose another folder with MATE_BENCH_DB and publish again from the run folders.',
  })
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseUser])
    if (rowCount === 0) await client.query(`create database ${databaseUser}`)
  } catch (thrown) {
    // Another process made it between the two statements (42P04), or at the same moment (23505).
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code !== '42P04' && code !== '23505') throw thrown
  } finally {
    await client.end()
  }
}

async function start(folder: string, binaries: string, account: Account | undefined): Promise<boolean> {
  const { data, log } = clusterPaths(folder)
  const settings = [
    `-p ${await choosePort(data)}`,
    '-c listen_addresses=127.0.0.1',
    ...(process.platform === 'win32' ? [] : ["-c unix_socket_directories=''"]),
    '-c max_connections=100',
    '-c shared_buffers=64MB',
    '-c timezone=UTC',
    '-c log_timezone=UTC',
  ]
  const { status } = await runBinary(
    'pg_ctl',
    ['start', '-D', data, '-w', '-t', '60', '-l', log, '-o', settings.join(' ')],
    { binaries, account, cwd: folder, discardOutput: true },
  )
  return status === 0
}

/** The port of last time where it is free, so that programs which lost the server find it again; else any. */
async function choosePort(data: string): Promise<number> {
  const options = join(data, 'postmaster.opts')
  const last = existsSync(options) ? /"-p" "(\d+)"/.exec(readFileSync(options, 'utf8'))?.[1] : undefined
  return (last === undefined ? undefined : await tryPort(Number(last))) ?? (await tryPort(0)) ?? 0
}

/** The port when it can be listened on; 0 asks for any that is free. */
function tryPort(wished: number): Promise<number | undefined> {
  return new Promise((done) => {
    const probe = createServer()
    probe.on('error', () => done(undefined))
    probe.listen(wished, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

function cannotStart(folder: string): BenchError {
  const { log } = clusterPaths(folder)
  const reason = existsSync(log) ? lastLine(readFileSync(log, 'utf8').slice(-4000)) : 'it left no log'
  return new BenchError({
    code: 'storage',
    message: `The embedded database did not start: ${reason}.`,
    path: log,
    hint: 'The log says more. Free memory or disk, choose another folder with MATE_BENCH_DB, or set DATABASE_URL.',
  })
}
