import { execFileSync } from 'node:child_process'
import { type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { BenchError } from '@mate-bench/schema'

/** The user that the server runs as. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Users that systems have and that may do little. */
const candidates = ['postgres', 'nobody'] as const

/**
 * Postgres refuses to run as root. For root this is whoever owns the folder (or, where it is not there yet, the
 * folder above it), so that a database in somebody's home stays theirs; else an unprivileged user of the system.
 * For anybody else, and on Windows, nothing has to change.
 *
 * @throws BenchError `storage` for root on a system without any such user
 */
export function serverAccount(folder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = nearest(folder)
  // The server has to find its own name; an owner from outside a container may have none inside.
  if (uid !== 0 && lookUp(String(uid))) return { uid, gid }
  const found = candidates.map(lookUp).find((account) => account !== undefined)
  if (found) return found
  throw new BenchError({
    code: 'storage',
    message: `Postgres does not run as root, and there is no user ${candidates.join(' or ')} to run it as.`,
    path: folder,
    hint: 'Run as another user, add one (useradd --system postgres), or set DATABASE_URL.',
  })
}

/** The folder, or the first above it that is there. */
function nearest(folder: string): Stats {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats) return stats
  }
}

/** By name or number. */
function lookUp(user: string): Account | undefined {
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}
