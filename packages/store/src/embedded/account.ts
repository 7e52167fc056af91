import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { BenchError } from '@mate-bench/schema'

/** The user that the server runs as. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Users that systems have and that may do little. */
const candidates = ['postgres', 'nobody'] as const

/**
 * Postgres refuses to run as root. For root this is the owner of the folder where somebody else made it, else
 * an unprivileged user of the system; for anybody else (and on Windows) nothing has to change.
 *
 * @throws BenchError `storage` for root on a system without any such user
 */
export function serverAccount(folder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(folder, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const found = candidates.map(lookUp).find((account) => account !== undefined)
  if (found) return found
  throw new BenchError({
    code: 'storage',
    message: `Postgres does not run as root, and there is no user ${candidates.join(' or ')} to run it as.`,
    path: folder,
    hint: 'Run as another user, add one (useradd --system postgres), or set DATABASE_URL.',
  })
}

function lookUp(name: string): Account | undefined {
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}
