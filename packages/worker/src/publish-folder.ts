import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadRuns } from '@mate-bench/harness/entries'
import { verifyRun } from '@mate-bench/harness/verify'
import { BenchError } from '@mate-bench/schema'
import { correctness } from '@mate-bench/stats'
import {
  type ArtifactStore,
  type Db,
  type Published,
  type PublishOptions,
  publishRun,
} from '@mate-bench/store'

/**
 * Checks a run folder to the last byte and publishes it.
 *
 * @throws BenchError `verification-failed` with every check that did not pass, and what `publishRun` throws
 */
export async function publishFolder(
  db: Db,
  artifacts: ArtifactStore,
  folder: string,
  options: PublishOptions,
): Promise<Published> {
  const { checks } = await verifyRun(folder)
  const failed = checks.filter(({ ok }) => !ok)
  if (failed.length > 0) {
    throw new BenchError({
      code: 'verification-failed',
      message: `The run in ${folder} does not verify.`,
      path: folder,
      problems: failed.map(({ name, detail }) => ({ path: name, message: detail })),
    })
  }
  const [run] = await loadRuns([folder])
  if (!run) throw new RangeError('a folder gives a run')
  const { exits, ensemble } = run.predictions.table
  const publishable = {
    manifest: run.manifest,
    readFile: (file: string) => readFileSync(join(folder, file)),
    correctness: { exits: exits.map(correctness), ensemble: correctness(ensemble) },
  }
  return await publishRun(db, artifacts, publishable, options)
}
