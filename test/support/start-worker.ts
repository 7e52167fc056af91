import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../apps/cli/bin/mate-bench.js', import.meta.url))

export interface StartedWorker {
  readonly child: ChildProcess
  /** Everything that it said so far. */
  output(): string
  /** Exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** Resolves when the worker has said something that matches. */
  says(pattern: RegExp): Promise<void>
}

export interface WorkerOptions {
  /** Of the database. */
  readonly url: string
  readonly artifacts: string
  readonly runs: string
  readonly args?: readonly string[]
}

/** The real program in a process of its own. */
export function startWorker({ url, artifacts, runs, args = [] }: WorkerOptions): StartedWorker {
  const child = spawn(process.execPath, [program, 'worker', '--backend', 'wasm', '--runs', runs, ...args], {
    env: { ...process.env, DATABASE_URL: url, MATE_BENCH_ARTIFACTS: artifacts, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const waiting = new Set<() => void>()
  const hear = (chunk: string) => {
    text += chunk
    for (const look of waiting) look()
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    child,
    output: () => text,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        child.on('close', () => reject(new Error(`The worker ended and never said ${pattern}:\n${text}`)))
        look()
      }),
  }
}
