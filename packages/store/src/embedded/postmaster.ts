import { linkSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What a server wrote into `postmaster.pid`, which is its lock on the data. */
export interface Postmaster {
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
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready', text }
}

/** Whether the process is there and is Postgres: a pid is used again after a while, or after a restart. */
export function isAlive({ pid }: Postmaster): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM')) return false
  }
  if (process.platform !== 'linux') return true
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    // A zombie answers signals where the first process of a container does not bury the dead.
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
    return state !== 'Z' && /^(postgres|postmaster)/.test(name)
  } catch {
    return false
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
