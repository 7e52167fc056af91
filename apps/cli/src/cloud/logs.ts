import { setTimeout as sleep } from 'node:timers/promises'
import { cloudVariables, openJobLogs } from '@mate-bench/cloud'
import { BenchError } from '@mate-bench/schema'
import { isFinalJob, loadTrainingJob } from '@mate-bench/store'
import { readerHasLeft } from '../reader.ts'
import { withDeploymentStore } from './deployment-store.ts'

export interface LogsOptions {
  /** Stay until the run has ended. */
  readonly follow: boolean
  readonly pollMilliseconds?: number
}

/** Prints what the latest container of a run wrote; with `follow` until the run has ended. */
export async function showLogs(
  runId: string,
  { follow, pollMilliseconds = 3000 }: LogsOptions,
): Promise<void> {
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
  /** Prints what is there from `from` on. @returns where to go on */
  async function print(stream: string, from: string | undefined): Promise<string | undefined> {
    for (let next = from; ; ) {
      const page = await logs.read(stream, next)
      for (const { at, text } of page.lines) {
        process.stdout.write(`${at.toISOString()}  ${text.trimEnd()}\n`)
      }
      if (page.next === next) return next
      next = page.next
    }
  }
  await withDeploymentStore(async ({ db }) => {
    let stream: string | undefined
    let next: string | undefined
    let wasOver = true
    for (;;) {
      const { job } = await loadTrainingJob(db, runId)
      const over = isFinalJob(job.state)
      if (stream !== undefined) next = await print(stream, next)
      if (job.logStream !== null && job.logStream !== stream) {
        // Each attempt writes to a stream of its own.
        stream = job.logStream
        next = await print(stream, undefined)
      }
      // A run that ended while we looked on is looked at once more: its last lines may come after its end.
      if (!follow || (over && wasOver)) {
        if (stream === undefined)
          process.stdout.write(`${runId} is ${job.state}: no container has started.\n`)
        return
      }
      wasOver = over
      await sleep(pollMilliseconds)
      if (readerHasLeft()) return
    }
  })
}
