import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Account, serverAccount } from './account.ts'
import { canReach } from './reach.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where root's databases go when the server could not reach the folder that was meant. */
const systemFolder = '/var/lib/mate-bench'

export interface ChosenFolder {
  readonly folder: string
  readonly account: Account | undefined
  readonly notes: readonly string[]
}

/** `MATE_BENCH_DB`, else `mate-bench/postgres` in the user's data folder. */
export function defaultFolder(env: Environment = process.env): string {
  if (env.MATE_BENCH_DB) return resolve(env.MATE_BENCH_DB)
  if (process.platform === 'win32' && env.LOCALAPPDATA)
    return join(env.LOCALAPPDATA, 'mate-bench', 'postgres')
  const data = env.XDG_DATA_HOME || join(homedir(), '.local', 'share')
  // Without the comments the site's bundler takes the whole project for files that the site reads.
  return join(/*turbopackIgnore: true*/ resolve(/*turbopackIgnore: true*/ data), 'mate-bench', 'postgres')
}

/**
 * The folder that the server can really use. As root the server runs as another user, who can't pass through
 * folders such as /root: the data then goes to a folder of the system, always the same for the same wish.
 */
export function chooseFolder(wished: string, env: Environment = process.env): ChosenFolder {
  const folder = resolve(wished)
  const account = serverAccount(folder)
  if (isUsable(folder, account)) return { folder, account, notes: [] }
  const usual = folder === defaultFolder({ ...env, MATE_BENCH_DB: undefined })
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 8)
  const instead = join(systemFolder, usual ? 'postgres' : `postgres-${digest}`)
  return {
    folder: instead,
    account: serverAccount(instead),
    notes: [
      `As root the server runs as an unprivileged user, who can't enter ${folder}; its data is in ${instead}.`,
    ],
  }
}

/** Empty folders are given to the server's user; one that holds something already keeps its owner. */
function isUsable(folder: string, account: Account | undefined): boolean {
  if (!account) return true
  if (!canReach(folder, account)) return false
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false
  return !isFolder || readdirSync(folder).length === 0 || canReach(join(folder, 'cluster'), account)
}
