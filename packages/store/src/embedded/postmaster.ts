import { linkSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { processExists, processStat } from './process-stat.ts'

/** What a server wrote into `postmaster.pid`, which is its lock on the data. */
export interface Postmaster {
  /** Folder of the data that it is for. */
  readonly data: string
  readonly pid: number
  readonly port: number
  readonly ready: boolean
  /** The file as it was read, to tell it from a later one. */
  readonly text: string
}

const pidFile = (data: string) => join(data, 'postmaster.pid')

export function readPostmaster(data: string): Postmaster | undefined {
  let text: string
  try {
    text = readFileSync(pidFile(data), 'utf8')
  } catch {
    return undefined
  }
  // Lines: pid, data folder, start time, port, socket folder, address, shared memory, state.
  const lines = text.split('\n')
  return {
    data,
    pid: Number(lines[0]),
    port: Number(lines[3]),
    ready: lines[7]?.trim() === 'ready',
    text,
  }
}

/**
 * Whether the process is there and is the Postgres of this data: a pid is used again after a while, or after a
 * restart, and then perhaps by another Postgres.
 */
export function isAlive({ data, pid }: Postmaster): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !processExists(pid)) return false
  if (process.platform !== 'linux') return true
  const stat = processStat(pid)
  return stat !== undefined && !stat.isZombie && /^(postgres|postmaster)/.test(stat.name) && isIn(data, pid)
}

/** A server works in its data folder. Where that may not be seen, another user's, it is believed. */
function isIn(data: string, pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
  } catch {
    return processExists(pid)
  }
}

/**
 * Takes away the lock of a server that is no more. Postgres does so itself for a pid that is free, but not for a
 * zombie's or for one that another process has now. The file is moved first, so that of several processes one
 * alone has it, and is put back should it turn out to be that of a server which came up meanwhile.
 */
export function discardPostmaster(data: string, dead: Postmaster): void {
  const aside = `${pidFile(data)}.${process.pid}.stale`
  try {
    renameSync(pidFile(data), aside)
    if (readFileSync(aside, 'utf8') !== dead.text) linkSync(aside, pidFile(data))
  } catch {
    // Somebody else was quicker.
  }
  rmSync(aside, { force: true })
}
