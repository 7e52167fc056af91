import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { AdapterFacts, BackendName, BackendSettings } from '@mate-bench/backends'
import type { SelfCheckOrder } from './self-check-child.ts'

/** What came of a few training steps on a backend, held against the same in plain JavaScript. */
export type SelfCheck =
  | {
      readonly ok: true
      /** Of losses and weights, relative to the largest value. */
      readonly largestError: number
      /** Whether the steps gave the same bytes when they were taken again. */
      readonly sameBytes: boolean
      /** What WebGPU computed with; absent for other backends. */
      readonly adapter?: AdapterFacts
    }
  | { readonly ok: false; readonly reason: string; readonly hint?: string }

export interface SelfCheckOptions {
  readonly settings?: BackendSettings | undefined
  /** Variables that only the checked process gets, such as the folder of an engine that is not switched on yet. */
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

const checkMilliseconds = 180_000

/**
 * Trains a few steps on a backend in a process of its own, where a library that crashes or hangs hurts nobody, and compares
 * losses and weights with those of the backend `cpu`.
 */
export function selfCheck(backend: BackendName, options: SelfCheckOptions = {}): Promise<SelfCheck> {
  const { settings = {}, env = {}, signal } = options
  return new Promise((resolve) => {
    const entry = fileURLToPath(new URL('./self-check-entry.js', import.meta.url))
    const child = fork(entry, [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: checkMilliseconds,
      killSignal: 'SIGKILL',
      env: { ...process.env, ...env },
      ...(signal ? { signal } : {}),
    })
    let stderr = ''
    let verdict: SelfCheck | undefined
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-2000)
    })
    child.on('message', (message: SelfCheck) => {
      verdict = message
    })
    child.on('error', (thrown) => {
      stderr += `${thrown.message}\n`
      if (child.pid === undefined) resolve({ ok: false, reason: thrown.message })
    })
    child.on('close', (code, killedBy) => {
      const how = killedBy ? `was killed by ${killedBy}` : `ended with exit code ${code}`
      const last = stderr.trim().split('\n').at(-1)
      resolve(verdict ?? { ok: false, reason: `its process ${how}${last ? `: ${last}` : ''}` })
    })
    child.send({ backend, settings } satisfies SelfCheckOrder)
  })
}
