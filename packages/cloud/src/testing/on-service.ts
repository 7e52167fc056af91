import { type Db, trainingJobsOf } from '@mate-bench/store'
import type { MemoryService } from './memory-service.ts'

/** What the functions of the cloud are called with in tests: short limits, and nothing is logged. */
export function onService(db: Db, batch: MemoryService, maximumActiveJobs = 10) {
  return {
    ...{ db, batch },
    target: { maximumActiveJobs, attemptSeconds: 7200, capacityWaitSeconds: 3600 },
    say: () => {},
  }
}

/** Of a submission's jobs, seed by seed. */
export async function jobStatesOf(db: Db, submission: string): Promise<string[]> {
  return (await trainingJobsOf(db, submission)).map(({ state }) => state)
}
