import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { makeFolder } from './make-folder.ts'

/**
 * Writes a file so that a reader sees the old bytes or the new bytes and nothing between, whenever the
 * process or the machine stops: temporary name, flush to disk, rename, flush of the folder.
 *
 * @throws BenchError `storage` when the disk is full or the folder can't be written; the old file stays
 */
export function writeFileAtomic(path: string, content: Uint8Array | string): void {
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
    renameSync(temporary, path)
    flushFolder(dirname(path))
  } catch (thrown) {
    rmSync(temporary, { force: true, recursive: true })
    throw storageError(path, thrown)
  }
}

/** A rename is on disk only once its folder is; Windows has no such call and does not need it. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
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
  EROFS: { message: 'The file system is read-only', hint: 'Choose another folder with --out.' },
  ENOTDIR: { message: 'A file stands where a folder is needed', hint: 'Choose another folder with --out.' },
}

/** Turns a file-system error into one that says what to do. */
export function storageError(path: string, thrown: unknown): BenchError {
  if (thrown instanceof BenchError) return thrown
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const known = causes[code]
  const message = known?.message ?? (thrown instanceof Error ? thrown.message : String(thrown))
  return new BenchError({
    code: 'storage',
    message: `${message}: ${path}`,
    path,
    hint: known?.hint,
    cause: thrown,
  })
}
