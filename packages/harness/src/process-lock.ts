import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { BenchError } from '@mate-bench/schema'
import { storageError } from './atomic-file.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  /** Start of the process in clock ticks since boot (Linux), so that a recycled pid is told apart. */
  readonly born: string
}

export interface ProcessLock {
  /** False once somebody took it away, who holds this process for lost. */
  isHeld(): boolean
  /** Lets go of it; a lock that is somebody else's by now stays. */
  release(): void
}

/**
 * Takes a lock that is freed by the death of its owner: a run that was killed can be resumed at once.
 * (Locks that age by time would make people wait, since a training step may block the event loop for long.)
 *
 * @throws BenchError `conflict` when a living process holds it
 */
export function lockByProcess(path: string, what: string): ProcessLock {
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      const file = openSync(path, 'wx')
      const owner: Owner = { pid: process.pid, host: hostname(), born: born(process.pid) }
      writeSync(file, JSON.stringify(owner))
      closeSync(file)
      const isHeld = () => isSame(readOwner(path), owner)
      return {
        isHeld,
        release() {
          if (isHeld()) rmSync(path, { force: true })
        },
      }
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'))
        throw storageError(path, thrown)
    }
    const owner = readOwner(path)
    if (owner && isAlive(owner)) {
      throw new BenchError({
        code: 'conflict',
        message: `Another process (${owner.pid} on ${owner.host}) is working on ${what}.`,
        path,
        hint: 'Wait for it to end, or stop it. If that machine is gone for good, delete the lock file.',
      })
    }
    discard(path)
  }
  throw new BenchError({ code: 'conflict', message: `Could not take the lock for ${what}.`, path })
}

/** Moves a dead owner's lock aside first: of two processes that find it, one alone can rename it. */
function discard(path: string): void {
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
    rmSync(aside, { force: true })
  } catch {
    // Somebody else was quicker; the next attempt sees what they made of it.
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner
  } catch {
    return undefined
  }
}

function isSame(found: Owner | undefined, owner: Owner): boolean {
  return found?.pid === owner.pid && found.host === owner.host && found.born === owner.born
}

function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
  return owner.born === born(owner.pid) && owner.born !== 'zombie'
}

/** Start time from /proc; empty where there is none. A zombie answers signals but works no more. */
function born(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? '')
  } catch {
    return ''
  }
}
