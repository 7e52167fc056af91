import { type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Account } from './account.ts'

/**
 * Whether an account may pass through every folder above `path`. Folders that are not there yet are made with
 * mode 755 and let everybody pass.
 */
export function canReach(path: string, account: Account | undefined): boolean {
  if (!account) return true
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const stats = statSync(folder, { throwIfNoEntry: false })
    if (stats && !mayPass(stats, account)) return false
    if (folder === dirname(folder)) return true
  }
}

function mayPass({ uid, gid, mode }: Stats, account: Account): boolean {
  if (uid === account.uid) return (mode & 0o100) !== 0
  if (gid === account.gid) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}
