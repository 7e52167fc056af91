import type { Manifest } from '@mate-bench/schema'
import {
  approveSubmission,
  createSubmission,
  createToken,
  type Db,
  type Launcher,
  trainingJobsOf,
} from '@mate-bench/store'
import { syntheticRun } from '@mate-bench/store/testing'
import { awsBatchLauncher } from '../aws-batch-launcher.ts'

/** What an approval leaves for the cloud; nobody there is told, so that it waits. */
const silentLauncher = awsBatchLauncher(async () => {})

/** Approves a synthetic spec with these seeds, or one that is given. @returns the submission's id, and a run id per seed */
export async function approve(
  db: Db,
  seeds: readonly number[],
  launcher: Launcher = silentLauncher,
  { spec, specDigest }: Pick<Manifest, 'spec' | 'specDigest'> = syntheticRun().manifest,
): Promise<{ id: string; runIds: string[] }> {
  const expiresAt = new Date('2100-01-01')
  const token = await createToken(db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })
  const submission = { specDigest, totalMacs: 1, tokenId: token.id, submitter: 'ada' }
  const { id } = await createSubmission(db, { ...submission, spec: { ...spec, seeds: [...seeds] } })
  await approveSubmission(db, launcher, { id, actor: 'grace' })
  return { id, runIds: (await trainingJobsOf(db, id)).map(({ runId }) => runId) }
}
