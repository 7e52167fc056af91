import {
  type BatchClient,
  ClientException,
  DescribeJobsCommand,
  type JobDetail,
  ListJobsCommand,
  type ListJobsCommandInput,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch'
import { BenchError } from '@mate-bench/schema'
import { type BatchStatus, batchStatuses, hasEnded } from '@mate-bench/store'
import { reasonOf, withoutAccounts } from './aws-words.ts'
import { openBatchClient } from './batch-client.ts'
import type { BatchTarget } from './environment.ts'
import { queueTag } from './queue-tag.ts'

/** What there is to know of a job at the service. */
export interface ServiceJob {
  readonly batchJobId: string
  readonly runId: string
  readonly status: BatchStatus
  /** 1 for the first. */
  readonly attempt: number
  /** Fit to be published. */
  readonly reason: string | undefined
  readonly logStream: string | undefined
  /** Submitted by a launch function, and not by somebody who happened to use such a name. */
  readonly tagged: boolean
}

/** Jobs that AWS Batch has, by its own ids: whoever knows those needs neither queue nor job definition. */
export interface BatchJobs {
  /** Of those ids that the service still knows. Any number of ids. */
  describe(batchJobIds: readonly string[]): Promise<ServiceJob[]>
  terminate(batchJobId: string, reason: string): Promise<void>
}

/** AWS Batch, as far as it is needed here. */
export interface BatchService extends BatchJobs {
  /**
   * @returns the service's id of the new job
   * @throws BenchError `bad-input` for a job that would be refused again, `storage` for all else: it is tried again
   */
  submit(job: { readonly runId: string; readonly submissionId: string }): Promise<string>
  /** All jobs of a run that the service knows, newest first. */
  find(runId: string): Promise<ServiceJob[]>
  /** All jobs of the queue that have not ended. */
  listOpen(): Promise<ServiceJob[]>
}

/** Jobs that one DescribeJobs may ask for (AWS Batch API reference). */
const mostPerDescribe = 100

export function openBatchJobs(client: BatchClient = openBatchClient()): BatchJobs {
  return {
    async describe(ids) {
      const found: ServiceJob[] = []
      for (let at = 0; at < ids.length; at += mostPerDescribe) {
        const jobs = ids.slice(at, at + mostPerDescribe)
        const answer = await call('describing jobs', client.send(new DescribeJobsCommand({ jobs })))
        for (const job of answer.jobs ?? []) {
          const known = serviceJob(job)
          if (known) found.push(known)
        }
      }
      return found
    },
    async terminate(batchJobId, reason) {
      await call(
        `ending ${batchJobId}`,
        client.send(new TerminateJobCommand({ jobId: batchJobId, reason: reason.slice(0, 1024) })),
      )
    },
  }
}

export function openBatchService(
  target: Pick<BatchTarget, 'jobQueue' | 'jobDefinition'>,
  client: BatchClient = openBatchClient(),
): BatchService {
  const jobs = openBatchJobs(client)
  async function list(doing: string, which: Omit<ListJobsCommandInput, 'jobQueue'>): Promise<string[]> {
    const ids: string[] = []
    let nextToken: string | undefined
    do {
      const page = new ListJobsCommand({ jobQueue: target.jobQueue, ...which, nextToken })
      const answer = await call(doing, client.send(page))
      for (const { jobId, jobName } of answer.jobSummaryList ?? []) {
        if (jobId !== undefined && isRunId(jobName)) ids.push(jobId)
      }
      nextToken = answer.nextToken
    } while (nextToken !== undefined)
    return ids
  }
  return {
    ...jobs,
    async submit({ runId, submissionId }) {
      const doing = `submitting ${runId}`
      const command = new SubmitJobCommand({
        jobName: runId,
        jobQueue: target.jobQueue,
        jobDefinition: target.jobDefinition,
        // Ids and nothing else: what a container is given comes back inside every event.
        parameters: { runId },
        tags: { submission: submissionId, run: runId, [queueTag]: target.jobQueue },
        propagateTags: true,
      })
      const { jobId } = await call(doing, client.send(command), isAboutTheJob)
      if (jobId === undefined) throw notNow(doing, 'the answer has no job id')
      return jobId
    },
    async find(runId) {
      const filters = [{ name: 'JOB_NAME', values: [runId] }]
      return await jobs.describe(await list(`looking for ${runId}`, { filters }))
    },
    async listOpen() {
      const ids = new Set<string>()
      for (const jobStatus of batchStatuses.filter((status) => !hasEnded(status))) {
        for (const id of await list(`listing jobs in ${jobStatus}`, { jobStatus })) ids.add(id)
      }
      return (await jobs.describe([...ids])).filter(({ status }) => !hasEnded(status))
    },
  }
}

/** The part of a job's description that events carry too; anything else in it is left alone. */
export type DescribedJob = Pick<JobDetail, 'jobId' | 'jobName' | 'status' | 'statusReason' | 'tags'> & {
  attempts?: unknown[] | undefined
  container?: { logStreamName?: string | undefined; reason?: string | undefined } | undefined
}

/**
 * Undefined for a job that is not one of ours. `attempts` lists the tries that are over, so that a job which is
 * under way is in the one after those.
 */
export function serviceJob(job: DescribedJob): ServiceJob | undefined {
  const status = batchStatuses.find((known) => known === job.status)
  const { jobId, jobName } = job
  if (jobId === undefined || !isRunId(jobName) || !status) return undefined
  const over = job.attempts?.length ?? 0
  const reasons = [job.statusReason, job.container?.reason].filter((reason) => reason)
  return {
    batchJobId: jobId,
    runId: jobName,
    status,
    attempt: Math.max(1, hasEnded(status) ? over : over + 1),
    reason: reasons.length === 0 ? undefined : withoutAccounts(reasons.join(' ')).slice(0, 1000),
    logStream: job.container?.logStreamName,
    tagged: job.tags?.run === jobName,
  }
}

function isRunId(name: string | undefined): name is string {
  return /^run_[0-9a-f]{20}$/.test(name ?? '')
}

async function call<T>(
  doing: string,
  answer: Promise<T>,
  isFinal: (thrown: unknown) => boolean = () => false,
): Promise<T> {
  try {
    return await answer
  } catch (thrown) {
    if (!isFinal(thrown)) throw notNow(doing, reasonOf(thrown))
    throw new BenchError({ code: 'bad-input', message: `AWS Batch refuses ${doing}: ${reasonOf(thrown)}.` })
  }
}

/**
 * The service has one exception for all that a client may do wrong. What it says of a queue, a job definition or a
 * right is an operator's to mend, and the run can wait for that.
 */
function isAboutTheJob(thrown: unknown): boolean {
  if (!(thrown instanceof ClientException)) return false
  return (
    /\b(job ?name|parameters?|tags?)\b/i.test(thrown.message) &&
    !/queue|definition|authorized/i.test(thrown.message)
  )
}

function notNow(doing: string, reason: string): BenchError {
  return new BenchError({
    code: 'storage',
    message: `AWS Batch cannot be used for ${doing}: ${reason.replace(/\.$/, '')}.`,
    hint: 'Check the region, the credentials (AWS_PROFILE or AWS_ACCESS_KEY_ID), the rights, the job queue and AWS_ENDPOINT_URL_BATCH, then try again.',
  })
}
