import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Account } from './account.ts'

export interface BinaryResult {
  readonly status: number | null
  readonly output: string
}

export interface RunBinaryOptions {
  readonly binaries: string
  readonly account: Account | undefined
  readonly cwd: string
  /** A server that is started inherits its parent's pipes and would keep them open for ever. */
  readonly discardOutput?: boolean | undefined
}

/** Runs one of Postgres's programs as the server's user. Nothing of the environment that could change it passes. */
export function runBinary(
  name: string,
  args: readonly string[],
  { binaries, account, cwd, discardOutput = false }: RunBinaryOptions,
): Promise<BinaryResult> {
  return new Promise((done) => {
    const program = spawn(join(binaries, process.platform === 'win32' ? `${name}.exe` : name), args, {
      cwd,
      env: {
        NODE_ENV: process.env.NODE_ENV,
        PATH: process.env.PATH,
        SystemRoot: process.env.SystemRoot,
        LC_ALL: 'C',
        TZ: 'UTC',
      },
      stdio: ['ignore', discardOutput ? 'ignore' : 'pipe', discardOutput ? 'ignore' : 'pipe'],
      windowsHide: true,
      ...account,
    })
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk.toString()
    }
    program.stdout?.on('data', take)
    program.stderr?.on('data', take)
    program.on('error', (error) => done({ status: null, output: error.message }))
    program.on('close', (status) => done({ status, output }))
  })
}
