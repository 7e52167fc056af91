import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../apps/cli/bin/mate-bench.js', import.meta.url))

export interface StartedProgram {
  readonly child: ChildProcess
  /** Everything that it said so far. */
  output(): string
  /** Exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** Resolves with the match when the program has said something that matches. */
  says(pattern: RegExp): Promise<RegExpExecArray>
}

/** `mate-bench` in a process of its own. */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): StartedProgram {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
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
          const found = pattern.exec(text)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        child.on('close', () => reject(new Error(`The program ended and never said ${pattern}:\n${text}`)))
        look()
      }),
  }
}
