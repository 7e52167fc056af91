import { closeSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import { storageError } from './atomic-file.ts'
import { startLockBeat } from './lock-beat.ts'
import { describeOwner, isAlive, isKnownDead, parseOwner, readLock, type WatchOptions } from './lock-owner.ts'

export interface ProcessLock {
  /** `taken`: somebody has it who holds this process for lost. `removed`: the file is gone. */
  state(): 'held' | 'taken' | 'removed'
  /** Lets go of it; a lock that is somebody else's by now stays. */
  release(): void
}

/**
 * Takes a lock that is freed by the death of its owner: a run that was killed can be resumed at once where the owner
 * can be seen from here, and otherwise (another machine, another container) once its lock has been silent for a while.
 *
 * @throws BenchError `conflict` when a living process holds it, `interrupted`, `storage`
 */
export async function lockByProcess(
  path: string,
  what: string,
  options: WatchOptions = {},
): Promise<ProcessLock> {
  const content = JSON.stringify(describeOwner())
  for (let attempt = 0; attempt < 10; attempt++) {
    if (create(path, content)) {
      sweepDiscarded(path)
      return hold(path, content)
    }
    const found = readLock(path)
    if (!found) continue
    const owner = parseOwner(found.content)
    if (!owner) {
      // Perhaps it is being written at this moment.
      await sleep(100)
    } else if (await isAlive(path, owner, options)) {
      throw new BenchError({
        code: 'conflict',
        message: `Another process (${owner.pid} on ${owner.host}) is working on ${what}.`,
        path,
        hint: 'Wait for it to end, or stop it.',
      })
    }
    discard(path, found.content)
  }
  throw new BenchError({ code: 'conflict', message: `Could not take the lock for ${what}.`, path })
}

/** Removes the lock of a process that is dead for certain, if there is one. */
export function clearDeadLock(path: string): void {
  const found = readLock(path)
  const owner = found && parseOwner(found.content)
  if (found && owner && isKnownDead(owner, found.renewedAt)) discard(path, found.content)
}

/** @returns false where the file is there already */
function create(path: string, content: string): boolean {
  try {
    const file = openSync(path, 'wx')
    try {
      writeSync(file, content)
    } finally {
      closeSync(file)
    }
    return true
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false
    throw storageError(path, thrown)
  }
}

function hold(path: string, content: string): ProcessLock {
  const beat = startLockBeat(path, content)
  const state = () => {
    const found = readLock(path)
    if (!found) return 'removed'
    return found.content === content ? 'held' : 'taken'
  }
  return {
    state,
    release() {
      beat.end()
      try {
        if (state() === 'held') rmSync(path, { force: true })
      } catch {
        // A disk that refuses: whoever wants the lock finds its owner dead.
      }
    },
  }
}

/** Moves a dead owner's lock aside first: of two processes that find it, one alone can rename it. */
function discard(path: string, content: string): void {
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
    // Where somebody was quicker, what was moved is their new lock.
    if (readLock(aside)?.content !== content && !readLock(path)) renameSync(aside, path)
    else rmSync(aside, { force: true })
  } catch {
    // Somebody else was quicker; the next attempt sees what they made of it.
  }
}

/** What a process left that was killed while it moved a lock aside. */
function sweepDiscarded(path: string): void {
  const folder = dirname(path)
  const start = `${basename(path)}.`
  for (const name of readdirSync(folder)) {
    if (name.startsWith(start) && name.endsWith('.stale')) rmSync(join(folder, name), { force: true })
  }
}
