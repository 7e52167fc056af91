import { existsSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { flushFolder, isTemporary, storageError, writeFileAtomic } from './atomic-file.ts'
import { dropTornLine } from './json-lines.ts'
import { makeFolder } from './make-folder.ts'
import { clearDeadLock, lockByProcess } from './process-lock.ts'
import { runFiles } from './run-files.ts'
import { digestSpec, type Spec } from './spec.ts'

/** Where a run of `spec` with `seed` goes: readable, and another folder whenever the spec changes. */
export function runFolderName(spec: Spec, seed: number): string {
  return `${spec.name}-${digestSpec(spec).slice('sha256:'.length, 'sha256:'.length + 8)}-seed${seed}`
}

/**
 * A run at work. Everything is written to `NAME.partial`, which becomes `NAME` in one rename when the run is
 * complete: a folder without that ending is whole. The partial folder is the run's own: what else is put there goes.
 */
export interface RunFolder {
  /** The final folder. */
  readonly folder: string
  /**
   * Where files are written until then. Asked anew for each: two processes must never write into one folder.
   * @throws BenchError `conflict` once another process has taken the lock away, `storage` once the folder is gone
   */
  readonly path: (file: string) => string
  /** Drops everything but `files`, renames to the final name and lets go of the lock. */
  finish(files: readonly string[]): void
  /** Lets go of the lock; what is there stays for `--resume`. */
  release(): void
}

export interface LockRunFolderOptions {
  readonly out: string
  readonly spec: Spec
  readonly seed: number
  readonly warn: (message: string) => void
  readonly signal?: AbortSignal | undefined
}

export interface OpenRunFolderOptions extends LockRunFolderOptions {
  readonly resume: boolean
  /** Room that the run will need at most. */
  readonly bytesNeeded: number
}

export function runFolderPath(out: string, spec: Spec, seed: number): string {
  return join(resolve(out), runFolderName(spec, seed))
}

/** True where the run is already complete. */
export function isComplete(out: string, spec: Spec, seed: number): boolean {
  return existsSync(join(runFolderPath(out, spec, seed), runFiles.manifest))
}

/** True where a run was begun that can go on from a checkpoint. One with its manifest needs its name alone. */
export function isUnfinished(out: string, spec: Spec, seed: number): boolean {
  const partial = `${runFolderPath(out, spec, seed)}.partial`
  return hasCheckpoint(partial) && !existsSync(join(partial, runFiles.manifest))
}

export function hasCheckpoint(partial: string): boolean {
  return [runFiles.checkpoint, runFiles.previousCheckpoint].some((file) => existsSync(join(partial, file)))
}

/** Removes the lock that a process left which was killed after it had completed the run. */
export function clearLockOfComplete(out: string, spec: Spec, seed: number): void {
  clearDeadLock(`${runFolderPath(out, spec, seed)}.partial.lock`)
}

/**
 * Opens the folder of a run, new or to be resumed, and locks it against a second process.
 * @throws BenchError `conflict` for a folder that is locked, or partial without `resume`; `storage` for a
 *   folder that can't be written or a disk that is too full
 */
export async function openRunFolder(options: OpenRunFolderOptions): Promise<RunFolder> {
  const { out, spec, seed, resume } = options
  const partial = `${runFolderPath(out, spec, seed)}.partial`
  if (!resume && isUnfinished(out, spec, seed)) {
    throw new BenchError({
      code: 'conflict',
      message: `An unfinished run is there already: ${partial}`,
      path: partial,
      hint: 'Add --resume to go on from its last checkpoint, or delete the folder to start again.',
    })
  }
  makePartial(partial)
  const folder = await lockRunFolder(options)
  try {
    if (isComplete(out, spec, seed)) throw completedMeanwhile(partial)
    requireRoom(partial, options.bytesNeeded)
    sweep(partial)
    dropTornLine(folder.path(runFiles.log))
    writeFileAtomic(folder.path(runFiles.spec), `${JSON.stringify(spec, null, 2)}\n`)
    return folder
  } catch (thrown) {
    folder.release()
    throw storageError(partial, thrown)
  }
}

/**
 * Locks the partial folder of a run as it is.
 * @throws BenchError `conflict`, `storage`, `interrupted`
 */
export async function lockRunFolder(options: LockRunFolderOptions): Promise<RunFolder> {
  const folder = runFolderPath(options.out, options.spec, options.seed)
  const partial = `${folder}.partial`
  const lockFile = `${partial}.lock`
  const run = basename(folder)
  const lock = await lockByProcess(lockFile, `the run ${run}`, {
    signal: options.signal,
    // It is told to everybody who may read a submission's log, so it names no machine.
    onWaiting: () =>
      options.warn('A process on another machine has the run: waiting to see whether it is alive.'),
  })
  const path = (file: string) => {
    const state = lock.state()
    if (state === 'taken') throw lockTaken(lockFile, run)
    if (state === 'removed') throw folderRemoved(partial, lockFile)
    return join(partial, file)
  }
  return {
    folder,
    path,
    finish(files) {
      const kept = new Set(files)
      const inside = dirname(path(runFiles.manifest))
      try {
        for (const name of readdirSync(inside)) {
          if (!kept.has(name)) rmSync(join(inside, name), { recursive: true, force: true })
        }
        rmSync(folder, { recursive: true, force: true })
        renameSync(partial, folder)
        flushFolder(dirname(folder))
      } catch (thrown) {
        throw storageError(partial, thrown)
      }
      lock.release()
    },
    release: lock.release,
  }
}

function lockTaken(path: string, run: string): BenchError {
  return new BenchError({
    code: 'conflict',
    message: `Another process took over the run ${run}, since this one was silent for too long.`,
    path,
    hint: 'It goes on there, from the last checkpoint; nothing more is written here.',
  })
}

function folderRemoved(partial: string, lockFile: string): BenchError {
  if (!existsSync(partial)) {
    return new BenchError({
      code: 'storage',
      message: `The folder of the run was removed while it trained: ${partial}`,
      path: partial,
      hint: 'Run again; it starts anew.',
    })
  }
  return new BenchError({
    code: 'conflict',
    message: `The lock of the run was removed while it trained: ${lockFile}`,
    path: lockFile,
    hint: 'Without it another process may have the folder. Go on with --resume.',
  })
}

function makePartial(partial: string): void {
  try {
    makeFolder(partial)
    flushFolder(dirname(partial))
  } catch (thrown) {
    throw storageError(partial, thrown)
  }
}

/** Whoever had the lock completed the run while this process waited for it. */
function completedMeanwhile(partial: string): BenchError {
  rmSync(partial, { recursive: true, force: true })
  return new BenchError({
    code: 'conflict',
    message: `Another process has completed the run meanwhile: ${partial.replace(/\.partial$/, '')}`,
    path: partial,
    hint: 'Nothing is left to do.',
  })
}

/** Before anything is trained. */
function requireRoom(partial: string, bytesNeeded: number): void {
  const { bavail, bsize } = statfsSync(partial)
  if (bavail * bsize >= bytesNeeded) return
  throw new BenchError({
    code: 'storage',
    message: `The run may need ${megabytes(bytesNeeded)} and ${megabytes(bavail * bsize)} are free: ${dirname(partial)}`,
    path: partial,
    hint: 'Free some space, or choose another disk with --out.',
  })
}

/** Removes what a process left that was killed while it wrote. */
function sweep(partial: string): void {
  for (const folder of [partial, join(partial, dirname(runFiles.checkpoint))]) {
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder)) {
      if (isTemporary(name)) rmSync(join(folder, name), { recursive: true, force: true })
    }
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`
}
