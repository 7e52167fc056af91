import type { VerdictStanding } from '@mate-bench/schema'
import { type Db, findKey, originsOfRuns, signatureOfRun, type TokenRecord } from '@mate-bench/store'
import { mayDo } from './middleware/authenticate.ts'

/**
 * Who sends a repeated training of a run: the site's own people, who made the run, or somebody else. A third party is told
 * by keys: theirs has to differ from the one that signed the run, and neither people may be the same. Where nobody is known
 * to have made the run, nobody can be told from them.
 *
 * @param key that signed what is sent, and that the token is bound to; null where nobody signed it
 */
export async function senderStanding(
  db: Db,
  runId: string,
  token: TokenRecord,
  key: string | null,
): Promise<VerdictStanding> {
  if (mayDo(token, ['approve'])) return 'site'
  const runKey = (await signatureOfRun(db, runId))?.key
  if (key !== null && key === runKey) return 'maker'
  const origins = await originsOfRuns(db, [runId])
  const owner = runKey === undefined ? undefined : (await findKey(db, runKey))?.owner
  const makers = new Set(
    [...origins.map(({ history }) => history[0]?.actor), owner].filter((maker) => typeof maker === 'string'),
  )
  const sender = key === null ? undefined : (await findKey(db, key))?.owner
  // A key is its first owner's, whoever's token speaks for it now.
  if (makers.has(token.owner) || (sender && makers.has(sender))) return 'maker'
  if (makers.size === 0) return 'maker-unknown'
  if (key === null) return 'unsigned'
  return runKey === undefined ? 'run-unsigned' : 'third-party'
}

/** Whether a training from somebody of this standing can raise the run: not where it may be its maker's own. */
export function mayRaise(standing: VerdictStanding): boolean {
  return standing !== 'maker' && standing !== 'maker-unknown'
}
