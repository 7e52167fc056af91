import { batchTargetFromEnvironment, launchWaiting, openBatchService } from '@mate-bench/cloud'
import { openLinkedStore } from '@mate-bench/cloud/linked-database'

/**
 * Woken by a message whenever something was approved or cancelled. The message says nothing: what to do stands in the
 * database. Where AWS Batch could not be reached the call fails, and the queue delivers the message again.
 */
export async function handler(): Promise<void> {
  const target = batchTargetFromEnvironment()
  const { db } = await openLinkedStore()
  const { problems } = await launchWaiting({
    db,
    batch: openBatchService(target),
    target,
    say: (line) => console.log(line),
  })
  if (problems.length > 0) throw new Error(problems.join('\n'))
}
