import { type Check, checkOf } from '@mate-bench/harness/verify'
import type { Manifest } from '@mate-bench/schema'
import { type Db, findRun, withRetry } from '@mate-bench/store'

/**
 * Holds a run that is about to be published to the runs that taught it: each must be published, with these very weights, so
 * that whoever reads the student's manifest can follow it.
 */
export async function checkPublishedTeachers(db: Db, { teachers = [] }: Manifest): Promise<Check[]> {
  const checks: Check[] = []
  for (const { runId, weightsSha256 } of teachers) {
    const run = await withRetry(() => findRun(db, runId))
    const name = `teacher ${runId}`
    if (!run) {
      checks.push(checkOf(name, 'failed', 'it is not published: publish its folder first'))
      continue
    }
    const published = run.manifest.artifacts.find(({ role }) => role === 'model')?.sha256
    checks.push(
      published === weightsSha256
        ? checkOf(name, 'passed', `published with these weights, sha256:${weightsSha256}`)
        : checkOf(name, 'failed', `published with other weights: ${published}, not ${weightsSha256}`),
    )
  }
  return checks
}
