import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'

/** Milliseconds of one step: of the processor over all threads, and by the clock. */
export interface StepTimes {
  readonly cpu: readonly number[]
  readonly wall: readonly number[]
}

/**
 * A process that takes training steps when it is told to, so that several frameworks can be timed in turn. It reads a number
 * of steps per line and answers with a line of JSON.
 */
export class Stepper {
  readonly name: string
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface
  #said = ''

  constructor(name: string, program: string, args: readonly string[], env: Record<string, string> = {}) {
    this.name = name
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-4000)
    })
    // Without a reader, a process that ended would end this one too.
    this.#child.stdin?.on('error', () => {})
    if (!this.#child.stdout) throw new Error('no standard output')
    this.#reader = createInterface({ input: this.#child.stdout })
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  /** @throws Error with the last words of a process that ended */
  async step(count: number): Promise<StepTimes> {
    this.#child.stdin?.write(`${count}\n`)
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done)
        throw new Error(this.#said.trim().split('\n').slice(-3).join('\n') || 'it ended without a word')
      // Libraries greet on standard output.
      if (value.startsWith('{')) return JSON.parse(value) as StepTimes
    }
  }

  async close(): Promise<void> {
    this.#child.stdin?.end()
    this.#reader.close()
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill()
      await once(this.#child, 'exit')
    }
  }
}
