import { batchTargetFromEnvironment, openBatchService, reconcile } from '@mate-bench/cloud'
import { openLinkedStore } from '@mate-bench/cloud/linked-database'

/** Called by the clock: compares the database with AWS Batch, and mends what events and wake-ups did not bring. */
export async function handler(): Promise<void> {
  const target = batchTargetFromEnvironment()
  const { db } = await openLinkedStore()
  const { submitted, ended, mended, givenUp, unwanted, problems } = await reconcile({
    db,
    batch: openBatchService(target),
    target,
    say: (line) => console.log(line),
  })
  console.log(
    `${mended} mended, ${givenUp} given up, ${unwanted} unwanted, ${submitted} submitted, ${ended} asked to end`,
  )
  if (problems.length > 0) throw new Error(problems.join('\n'))
}
