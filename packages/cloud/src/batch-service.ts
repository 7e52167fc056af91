import {
  BatchClient,
  BatchServiceException,
  DescribeJobsCommand,
  type JobDetail,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch'
import { BenchError } from '@mate-bench/schema'
import { type BatchStatus, batchStatuses } from '@mate-bench/store'
import type { BatchTarget } from './environment.ts'

/** What there is to know of a job at the service. */
export interface ServiceJob {
  readonly batchJobId: string
  readonly runId: string
  readonly status: BatchStatus
  /** 1 for the first. */
  readonly attempt: number
  readonly reason: string | undefined
  readonly logStream: string | undefined
}

/** Jobs that AWS Batch has, by its own ids: whoever knows those needs neither queue nor job definition. */
export interface BatchJobs {
  /** Of those ids that the service still knows. Any number of ids. */
  describe(batchJobIds: readonly string[]): Promise<ServiceJob[]>
  terminate(batchJobId: string, reason: string): Promise<void>
}

/** AWS Batch, as far as it is needed here. */
export interface BatchService extends BatchJobs {
  /** @returns the service's id of the new job */
  submit(runId: string, tags: Readonly<Record<string, string>>): Promise<string>
  /** All jobs of a run that the service knows, newest first. */
  find(runId: string): Promise<ServiceJob[]>
}

/** Jobs that one DescribeJobs may ask for (AWS Batch API reference). */
const mostPerDescribe = 100

/** Credentials, region and endpoint are found by the SDK. */
export function openBatchJobs(client: BatchClient = new BatchClient({})): BatchJobs {
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

/** Credentials, region and endpoint are found by the SDK. */
export function openBatchService(
  target: Pick<BatchTarget, 'jobQueue' | 'jobDefinition'>,
  client: BatchClient = new BatchClient({}),
): BatchService {
  const jobs = openBatchJobs(client)
  return {
    ...jobs,
    async submit(runId, tags) {
      const { jobId } = await call(
        `submitting ${runId}`,
        client.send(
          new SubmitJobCommand({
            jobName: runId,
            jobQueue: target.jobQueue,
            jobDefinition: target.jobDefinition,
            // Ids and nothing else: what a container is given comes back inside every event.
            parameters: { runId },
            tags: { ...tags },
            propagateTags: true,
          }),
        ),
      )
      if (jobId === undefined) throw unreachable(`submitting ${runId}`, 'the answer has no job id')
      return jobId
    },
    async find(runId) {
      const ids: string[] = []
      let nextToken: string | undefined
      do {
        const answer = await call(
          `looking for ${runId}`,
          client.send(
            new ListJobsCommand({
              jobQueue: target.jobQueue,
              filters: [{ name: 'JOB_NAME', values: [runId] }],
              ...(nextToken === undefined ? {} : { nextToken }),
            }),
          ),
        )
        for (const { jobId } of answer.jobSummaryList ?? []) if (jobId !== undefined) ids.push(jobId)
        nextToken = answer.nextToken
      } while (nextToken !== undefined)
      return await jobs.describe(ids)
    },
  }
}

/** The part of a job's description that events carry too; anything else in it is left alone. */
export type DescribedJob = Pick<JobDetail, 'jobId' | 'jobName' | 'status' | 'statusReason'> & {
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
  if (jobId === undefined || !/^run_[0-9a-f]{20}$/.test(jobName ?? '') || !status) return undefined
  const over = job.attempts?.length ?? 0
  const ended = status === 'SUCCEEDED' || status === 'FAILED'
  const reasons = [job.statusReason, job.container?.reason].filter((reason) => reason)
  return {
    batchJobId: jobId,
    runId: jobName ?? '',
    status,
    attempt: Math.max(1, ended ? over : over + 1),
    reason: reasons.length === 0 ? undefined : reasons.join(' ').slice(0, 1000),
    logStream: job.container?.logStreamName,
  }
}

async function call<T>(doing: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (thrown) {
    if (thrown instanceof BatchServiceException && thrown.$fault === 'client' && !isThrottling(thrown)) {
      throw new BenchError({
        code: 'bad-input',
        message: `AWS Batch refused ${doing}: ${thrown.message}`,
        path: thrown.name,
        hint: 'Check the job queue, the job definition and the rights of the role.',
        cause: thrown,
      })
    }
    throw unreachable(doing, thrown instanceof Error ? thrown.message : String(thrown), thrown)
  }
}

function isThrottling({ name, $metadata, $retryable }: BatchServiceException): boolean {
  return (
    $metadata.httpStatusCode === 429 ||
    $retryable !== undefined ||
    ['TooManyRequestsException', 'ThrottlingException', 'Throttling'].includes(name)
  )
}

function unreachable(doing: string, reason: string, cause?: unknown): BenchError {
  return new BenchError({
    code: 'storage',
    message: `AWS Batch can not be reached for ${doing}: ${reason.replace(/\.$/, '')}.`,
    hint: 'Check the region, the credentials (AWS_PROFILE or AWS_ACCESS_KEY_ID) and AWS_ENDPOINT_URL_BATCH, then try again.',
    cause,
  })
}
