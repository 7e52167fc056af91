import { BenchError } from '@mate-bench/schema'

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'it may not be written by this user',
  EPERM: 'it may not be written by this user',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a file of that name is in the way',
}

/** A system error of a write as `storage`; anything else comes back as it is. */
export function storageErrorFrom(
  thrown: unknown,
  path: string,
  hint = 'Free space or choose another folder with MATE_BENCH_DATA.',
): unknown {
  const code = errorCode(thrown)
  const reason = code ? reasons[code] : undefined
  if (!reason) return thrown
  return new BenchError({
    code: 'storage',
    message: `Can't write to ${path}: ${reason}.`,
    path,
    hint,
    cause: thrown,
  })
}

/** The `code` of a system error. */
export function errorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}
