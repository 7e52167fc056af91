import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import { makeFolder } from './make-folder.ts'

export interface WriteOptions {
  /** Where the file goes that was there before; by default it is replaced. */
  readonly keepAs?: string
}

/**
 * Writes a file so that a reader sees the old bytes or the new bytes and nothing between, whenever the
 * process or the machine stops: temporary name, flush to disk, rename, flush of the folder. With `keepAs` there is a
 * moment without the file, and the old one stands under its other name by then.
 *
 * @throws BenchError `storage` when the disk is full or the folder can't be written; the old file stays
 */
export function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  { keepAs }: WriteOptions = {},
): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const temporary = `${path}.${process.pid}.tmp`
  try {
    makeFolder(dirname(path))
    const file = openSync(temporary, 'w')
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    if (keepAs !== undefined && existsSync(path)) renameSync(path, keepAs)
    renameSync(temporary, path)
    flushFolder(dirname(path))
  } catch (thrown) {
    removeQuietly(temporary)
    throw storageError(path, thrown)
  }
}

/** Whether a name is one that `writeFileAtomic` uses on its way: what a process left that was killed there. */
export function isTemporary(name: string): boolean {
  return /\.\d+\.tmp$/.test(name)
}

/** Where the disk refuses that too, what it refused first is the error to tell. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true })
  } catch {
    // Swept when the run is taken up again.
  }
}

/** A rename is on disk only once its folder is; Windows has no such call and does not need it. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  flush(folder, 'r')
}

/** What was appended to a file is on disk for certain only after this. */
export function flushFile(path: string): void {
  flush(path, 'r+')
}

function flush(path: string, flags: string): void {
  const handle = openSync(path, flags)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const causes: Readonly<Record<string, { message: string; hint: string }>> = {
  ENOSPC: { message: 'The disk is full', hint: 'Free some space and run again with --resume.' },
  EDQUOT: { message: 'The disk quota is used up', hint: 'Free some space and run again with --resume.' },
  EACCES: {
    message: 'No permission to write',
    hint: 'Choose another folder with --out, or change its owner.',
  },
  EPERM: {
    message: 'No permission to write',
    hint: 'Choose another folder with --out, or change its owner.',
  },
  EROFS: {
    message: 'The file system is read-only',
    hint: 'Choose another folder with --out; where it was writable before, the disk may have failed.',
  },
  EIO: { message: 'The disk failed', hint: 'Check the disk, or choose another one with --out.' },
  EISDIR: { message: 'A folder stands where a file is needed', hint: 'Move it away and run again.' },
  ENOTDIR: { message: 'A file stands where a folder is needed', hint: 'Choose another folder with --out.' },
  ENOENT: {
    message: 'The folder was removed, or cannot be made',
    hint: 'Run again, or choose another folder with --out.',
  },
}

/** Turns a file-system error into one that says what to do; any other stays what it is. */
export function storageError(path: string, thrown: unknown): BenchError {
  if (!(thrown instanceof Error && 'syscall' in thrown && 'code' in thrown))
    return benchErrorFromUnknown(thrown)
  const known = causes[String(thrown.code)]
  const message = known?.message ?? thrown.message
  return new BenchError({
    code: 'storage',
    message: `${message}: ${path}`,
    path,
    hint: known?.hint,
    cause: thrown,
  })
}
