import { fork } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { connect } from 'node:net'
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type BackendName, backendNames } from '@mate-bench/backends'
import { type DatasetStatus, datasetStatus, datasets, defaultDataFolder } from '@mate-bench/datasets'

import { rememberedCheck } from './self-check/remembered-check.ts'

/** What came of loading a backend and taking a few training steps with it. */
export type BackendTrial =
  | {
      readonly name: BackendName
      readonly loads: true
      readonly version: string
      /** Of everything that computes, by name. */
      readonly libraries: Readonly<Record<string, string>>
      /** 0 where the library chooses and doesn't say. */
      readonly threads: number
      readonly gpu?: string
      /** A GPU's work done by the processor: `auto` does not take it. */
      readonly software?: true
      readonly batchSize: number
      readonly secondsPerStep: number
      readonly imagesPerSecond: number
      /** Training counted as three forward passes. */
      readonly gflopPerSecond: number
    }
  | { readonly name: BackendName; readonly loads: false; readonly reason: string; readonly hint?: string }

/** Never holds user name or password. */
export type DatabaseStatus =
  | { readonly state: 'not-set' }
  | { readonly state: 'unreadable'; readonly variable: string }
  | {
      readonly state: 'reachable' | 'unreachable'
      readonly variable: string
      readonly host: string
      readonly port: number
    }

export interface DoctorReport {
  readonly node: { readonly version: string; readonly supported: boolean }
  readonly machine: {
    readonly os: string
    readonly arch: string
    readonly cpu: string
    /** Cores that this process may use. */
    readonly threads: number
    readonly memoryBytes: number
    readonly freeMemoryBytes: number
    /** Free on the disk of the working folder; null where the system doesn't say. */
    readonly freeDiskBytes: number | null
  }
  readonly backends: readonly BackendTrial[]
  readonly dataFolder: string
  readonly datasets: readonly DatasetStatus[]
  readonly database: DatabaseStatus
}

export interface DoctorOptions {
  readonly dataFolder?: string | undefined
  /** Told each backend's outcome as it is known. */
  readonly onBackend?: (trial: BackendTrial) => void
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Looks at everything that a run needs. Writes nothing but the verdicts on backends, which are tried in processes of their own. */
export async function examine(options: DoctorOptions = {}): Promise<DoctorReport> {
  const dataFolder = options.dataFolder ?? defaultDataFolder()
  const backends: BackendTrial[] = []
  // One after the other, so that they don't take each other's time.
  for (const name of backendNames) {
    const trial = await tryBackend(name)
    backends.push(trial)
    options.onBackend?.(trial)
  }
  return {
    node: { version: process.version, supported: isSupported(process.versions.node) },
    machine: {
      os: `${platform()} ${release()}`,
      arch: arch(),
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      threads: availableParallelism(),
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      freeDiskBytes: freeDisk('.'),
    },
    backends,
    dataFolder,
    datasets: await Promise.all(
      datasets.filter(({ files }) => files.length > 0).map(({ name }) => datasetStatus(name, { dataFolder })),
    ),
    database: await examineDatabase(options.env ?? process.env),
  }
}

const oldestNode = [20, 19] as const

/** Whether a Node version such as `20.19.0` is new enough. */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
}

function freeDisk(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return null
  }
}

const trialMilliseconds = 90_000

/** A native library that computes wrong numbers is of no more use than one that does not load. */
async function tryBackend(name: BackendName): Promise<BackendTrial> {
  const verdict = name === 'wasm' || name === 'cpu' ? undefined : await rememberedCheck(name, { again: true })
  if (verdict && !verdict.ok) {
    const { reason, hint } = verdict
    return { name, loads: false, reason, ...(hint === undefined ? {} : { hint }) }
  }
  return tryInProcess(name)
}

/** A backend that crashes, hangs or spoils its process does it in one that nobody else needs. */
function tryInProcess(name: BackendName): Promise<BackendTrial> {
  return new Promise((resolve) => {
    const entry = fileURLToPath(new URL('./doctor-backend-entry.js', import.meta.url))
    const child = fork(entry, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], timeout: trialMilliseconds })
    let stderr = ''
    let trial: BackendTrial | undefined
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-2000)
    })
    child.on('message', (message: BackendTrial) => {
      trial = message
    })
    child.on('error', (thrown) => resolve({ name, loads: false, reason: thrown.message }))
    child.on('close', (code, signal) => {
      const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`
      const last = stderr.trim().split('\n').at(-1)
      resolve(trial ?? { name, loads: false, reason: `its process ${how}${last ? `: ${last}` : ''}` })
    })
    child.send(name)
  })
}

const connectMilliseconds = 2000

/** Where the environment names a database, whether its port answers. No login is tried. */
export async function examineDatabase(
  env: Readonly<Record<string, string | undefined>>,
): Promise<DatabaseStatus> {
  const variable = ['DATABASE_URL', 'POSTGRES_URL'].find((name) => env[name])
  if (variable === undefined) return { state: 'not-set' }
  const url = URL.canParse(env[variable] ?? '') ? new URL(env[variable] ?? '') : undefined
  if (!url?.hostname || !/^postgres(ql)?:$/.test(url.protocol)) return { state: 'unreadable', variable }
  // An IPv6 host stands in brackets in a URL only.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? 5432 : Number(url.port)
  return { state: (await answers(host, port)) ? 'reachable' : 'unreachable', variable, host, port }
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(connectMilliseconds, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
