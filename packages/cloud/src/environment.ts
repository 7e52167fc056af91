import { BenchError } from '@mate-bench/schema'
import { z } from 'zod'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Names of the variables by which the deployed parts find each other. The infrastructure sets them; none of them is a
 * secret.
 */
export const cloudVariables = {
  /** `local` (default) or `aws-batch`. */
  launcher: 'MATE_BENCH_LAUNCHER',
  /** ARN of the job queue. */
  jobQueue: 'MATE_BENCH_BATCH_QUEUE',
  /** ARN of the job definition, with its revision. */
  jobDefinition: 'MATE_BENCH_BATCH_JOB_DEFINITION',
  /** URL of the queue that wakes the launch function. */
  launchQueueUrl: 'MATE_BENCH_LAUNCH_QUEUE_URL',
  /** Jobs that may be at the service at a time, over all submissions. */
  maximumActiveJobs: 'MATE_BENCH_MAX_ACTIVE_JOBS',
  /** When AWS Batch ends an attempt. */
  attemptSeconds: 'MATE_BENCH_ATTEMPT_SECONDS',
  /** When the job queue ends a job for which there is no machine. */
  capacityWaitSeconds: 'MATE_BENCH_CAPACITY_WAIT_SECONDS',
  /** CloudWatch log group of the containers. */
  logGroup: 'MATE_BENCH_LOG_GROUP',
} as const

const batchSchema = z.object({
  jobQueue: z.string().regex(/^arn:[\w-]+:batch:[\w-]+:\d{12}:job-queue\/.+$/),
  jobDefinition: z.string().regex(/^arn:[\w-]+:batch:[\w-]+:\d{12}:job-definition\/.+:\d+$/),
  maximumActiveJobs: z.coerce.number().int().min(1).default(4),
  attemptSeconds: z.coerce
    .number()
    .int()
    .min(60)
    .default(12 * 3600),
  capacityWaitSeconds: z.coerce
    .number()
    .int()
    .min(60)
    .default(6 * 3600),
})

/** Where jobs go. */
export type BatchTarget = z.output<typeof batchSchema>

/** @throws BenchError `bad-input` that names each variable which is missing or malformed */
export function batchTargetFromEnvironment(env: Environment = process.env): BatchTarget {
  const parsed = batchSchema.safeParse({
    jobQueue: env[cloudVariables.jobQueue],
    jobDefinition: env[cloudVariables.jobDefinition],
    maximumActiveJobs: env[cloudVariables.maximumActiveJobs] || undefined,
    attemptSeconds: env[cloudVariables.attemptSeconds] || undefined,
    capacityWaitSeconds: env[cloudVariables.capacityWaitSeconds] || undefined,
  })
  if (parsed.success) return parsed.data
  throw new BenchError({
    code: 'bad-input',
    message: 'The environment does not say which AWS Batch queue and job definition to use.',
    problems: parsed.error.issues.map(({ path, message }) => ({
      path: cloudVariables[path[0] as keyof BatchTarget],
      message,
    })),
    hint: 'The deployment sets these; on a machine of your own, take them from the outputs of `npx sst deploy`.',
  })
}
