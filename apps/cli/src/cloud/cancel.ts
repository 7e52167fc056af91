import { awsBatchLauncher, cancelRun, endCancelled, openBatchJobs } from '@mate-bench/cloud'
import { cancelSubmission } from '@mate-bench/store'
import { withDeploymentStore } from './deployment-store.ts'
import { operatorName } from './operator-name.ts'

/**
 * Cancels a run or a submission, and carries it out at AWS Batch with the operator's own credentials: a container that
 * trains is given its time to end by itself. What waits for its turn is left to the launch function, which knows the
 * deployment's limit on jobs.
 */
export async function cancel(id: string, json: boolean): Promise<void> {
  await withDeploymentStore(async ({ db }) => {
    const actor = operatorName()
    const state = id.startsWith('run_')
      ? await cancelRun(db, id, actor)
      : (
          await cancelSubmission(
            db,
            awsBatchLauncher(async () => {}),
            { id, actor },
          )
        ).state
    const say = (line: string) => process.stderr.write(`${line}\n`)
    const { ended, problems } = await endCancelled({ db, batch: openBatchJobs(), say })
    if (json) process.stdout.write(`${JSON.stringify({ id, state, ended, problems }, null, 2)}\n`)
    else process.stdout.write(`${id}: ${state === 'cancelled' ? 'cancelled' : 'asked to stop'}\n`)
    for (const problem of problems) process.stderr.write(`${problem}\n`)
    if (problems.length > 0) process.exitCode = 1
  })
}
