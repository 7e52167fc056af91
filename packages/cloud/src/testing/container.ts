import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'

/** What an attempt at a job runs. */
export interface ContainerOrder {
  readonly jobId: string
  /** 1 for the first. */
  readonly attempt: number
  readonly command: readonly string[]
  /** Of the job definition, its secrets included, and what the service adds. */
  readonly environment: Readonly<Record<string, string>>
}

/** One that runs. */
export interface Container {
  /** Ends with the exit code of the container's first process; its output is the container's. */
  readonly process: ChildProcess & { readonly stdout: Readable; readonly stderr: Readable }
  /** SIGTERM, for the container's first process alone. */
  notify(): void
  /** SIGKILL, for all processes in it; there may be none left. */
  kill(): void
}

export type StartContainer = (order: ContainerOrder) => Container
