import { awsBatchLauncher } from '@mate-bench/cloud'
import { digestSpec, type Spec } from '@mate-bench/harness'
import {
  approveSubmission,
  createSubmission,
  createToken,
  type Db,
  loadTrainingJob,
  setJob,
  trainingJobsOf,
} from '@mate-bench/store'

/** Writes what an approval leaves for the cloud; nobody there is told, so that it waits. */
export const silentLauncher = awsBatchLauncher(async () => {})

/** Hands a spec to the cloud. @returns the submission's id, and a run id per seed */
export async function handOver(db: Db, spec: Spec): Promise<{ id: string; runIds: string[] }> {
  const expiresAt = new Date('2100-01-01')
  const token = await createToken(db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })
  const submission = { spec, specDigest: digestSpec(spec), totalMacs: 1, tokenId: token.id, submitter: 'ada' }
  const { id } = await createSubmission(db, submission)
  await approveSubmission(db, silentLauncher, { id, actor: 'grace' })
  return { id, runIds: (await trainingJobsOf(db, id)).map(({ runId }) => runId) }
}

/** What the launch function leaves once the service has a job for the run. */
export async function isSubmittedAs(db: Db, runId: string, batchJobId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { job, submission } = await loadTrainingJob(tx, runId)
    await setJob(tx, job, submission, {
      state: 'submitted',
      attempt: 1,
      batchJobId,
      batchStatus: 'SUBMITTED',
    })
  })
}
