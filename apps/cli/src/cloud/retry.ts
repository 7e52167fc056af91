import { retryRun } from '@mate-bench/cloud'
import { withDeploymentStore } from './deployment-store.ts'
import { operatorName } from './operator-name.ts'

/** Gives a run that failed back to the launch function. */
export async function retry(runId: string): Promise<void> {
  await withDeploymentStore(async ({ db }) => {
    await retryRun(db, runId, operatorName())
    process.stdout.write(`${runId}: waiting\n`)
  })
}
