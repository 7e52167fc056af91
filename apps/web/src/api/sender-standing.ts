import type { Manifest, VerdictStanding } from '@mate-bench/schema'
import {
  type Db,
  findKey,
  originsOfRuns,
  signatureOfRun,
  type TokenRecord,
  wasBegunBy,
} from '@mate-bench/store'
import { mayDo } from './middleware/authenticate.ts'

/**
 * Who sends a repeated training of a run: the site's own people, who made the run, or somebody else. A third party is told
 * by keys: theirs has to differ from the one that signed the run, and neither people may be the same. Where nobody is known
 * to have made the run, nobody can be told from them. What was trained is shown by the ledger: each training was registered by
 * the same key before it began, or it may be made up.
 *
 */
export async function senderStanding(
  db: Db,
  runId: string,
  { token, key, manifests, now }: Sender,
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
  for (const manifest of manifests) {
    if (!(await wasBegunBy(db, manifest, { key, now }))) return 'unregistered'
  }
  return runKey === undefined ? 'run-unsigned' : 'third-party'
}

interface Sender {
  readonly token: TokenRecord
  /** That signed what is sent, and that the token is bound to; null where nobody signed it. */
  readonly key: string | null
  /** Of the repeated trainings. */
  readonly manifests: readonly Manifest[]
  readonly now: Date
}

const raising: readonly VerdictStanding[] = ['site', 'run-unsigned', 'third-party']

/** Whether a training from somebody of this standing can raise the run: not where it may be its maker's own, or made up. */
export function mayRaise(standing: VerdictStanding): boolean {
  return raising.includes(standing)
}
