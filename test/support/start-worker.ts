import { type StartedProgram, startProgram } from './start-program.ts'

export interface WorkerOptions {
  /** Of the database. */
  readonly url: string
  readonly artifacts: string
  readonly runs: string
  readonly args?: readonly string[]
}

/** The real program in a process of its own. */
export function startWorker({ url, artifacts, runs, args = [] }: WorkerOptions): StartedProgram {
  return startProgram(['worker', '--backend', 'wasm', '--runs', runs, ...args], {
    DATABASE_URL: url,
    MATE_BENCH_ARTIFACTS: artifacts,
  })
}
