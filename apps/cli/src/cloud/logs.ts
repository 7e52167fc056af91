import { setTimeout as sleep } from 'node:timers/promises'
import { cloudVariables, openJobLogs } from '@mate-bench/cloud'
import { BenchError } from '@mate-bench/schema'
import { isFinalJob, loadTrainingJob } from '@mate-bench/store'
import { withStore } from '../prepared-store.ts'

const pollMilliseconds = 3000

/** Prints what the latest container of a run wrote; with `follow` until the run has ended. */
export async function showLogs(runId: string, follow: boolean): Promise<void> {
  const logGroup = process.env[cloudVariables.logGroup]
  if (!logGroup) {
    throw new BenchError({
      code: 'bad-input',
      message: `${cloudVariables.logGroup} is not set.`,
      path: cloudVariables.logGroup,
      hint: 'It is an output of `npx sst deploy`.',
    })
  }
  const logs = openJobLogs(logGroup)
  await withStore(async ({ db }) => {
    let stream: string | undefined
    let next: string | undefined
    for (;;) {
      const { job } = await loadTrainingJob(db, runId)
      const over = isFinalJob(job.state)
      if (job.logStream !== null) {
        // Another attempt writes to a stream of its own.
        if (job.logStream !== stream) next = undefined
        stream = job.logStream
        for (;;) {
          const page = await logs.read(stream, next)
          for (const { at, text } of page.lines)
            process.stdout.write(`${at.toISOString()}  ${text.trimEnd()}\n`)
          if (page.next === next || page.lines.length === 0) break
          next = page.next
        }
      } else if (!follow) {
        process.stdout.write(`${runId} is ${job.state}: no container has begun yet.\n`)
      }
      if (over || !follow) return
      await sleep(pollMilliseconds)
    }
  })
}
