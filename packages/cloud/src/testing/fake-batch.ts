import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Container, StartContainer } from './container.ts'
import { type AttemptEnd, isRetried, type JobDefinition, resolveCommand } from './job-definition.ts'

export interface FakeBatchOptions {
  readonly jobQueue: string
  /** ARN with revision, and what it says. */
  readonly jobDefinition: string
  readonly definition: JobDefinition
  /** What the definition's `secrets` point at. */
  readonly secrets: Readonly<Record<string, string>>
  readonly startContainer: StartContainer
  /** What differs from the definition on this machine. */
  readonly environment: Readonly<Record<string, string>>
  /** Gets every event that EventBridge would. */
  readonly onEvent: (event: BatchEvent) => void
  readonly log?: (jobId: string, text: string) => void
}

export interface BatchEvent {
  readonly id: string
  readonly source: 'aws.batch'
  readonly 'detail-type': 'Batch Job State Change'
  readonly detail: Readonly<Record<string, unknown>>
}

const statuses = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const
type Status = (typeof statuses)[number]

interface Job {
  readonly jobId: string
  readonly jobName: string
  readonly parameters: Record<string, string>
  readonly tags: Record<string, string>
  readonly createdAt: number
  readonly attempts: { container: { exitCode?: number; reason: string }; statusReason: string }[]
  status: Status
  statusReason: string | undefined
  terminated: string | undefined
  reclaimed: boolean
  /** Of the attempt that began last. */
  logStreamName: string | undefined
  container: Container | undefined
}

/** Jobs in one answer to ListJobs; a hundred in the cloud. */
const pageSize = 2

/** A spot machine is taken away so long after its notice; two minutes in the cloud. */
const noticeMilliseconds = 30_000

/**
 * The part of AWS Batch's HTTP API that the project calls, on this machine: it refuses what the service refuses, and
 * runs job definitions with their retries and events.
 */
export class FakeBatch {
  /** Where there is no machine, jobs and their next attempts stay RUNNABLE. */
  hasMachines = true
  /** Answers every call with this, as for credentials that have expired. */
  refusal: { readonly type: string; readonly message: string } | undefined
  readonly #options: FakeBatchOptions
  readonly #jobs = new Map<string, Job>()
  readonly #server = createServer((request, response) => {
    this.#answer(request).then(
      (body) => send(response, 200, body),
      (thrown: unknown) => {
        const { status, type, message } =
          thrown instanceof Refusal ? thrown : new Refusal(500, 'ServerException', String(thrown))
        response.setHeader('x-amzn-errortype', type)
        send(response, status, { message })
      },
    )
  })
  #endpoint = ''
  #closed = false

  constructor(options: FakeBatchOptions) {
    this.#options = options
  }

  /** For `AWS_ENDPOINT_URL_BATCH`. */
  get endpoint(): string {
    return this.#endpoint
  }

  /** Ids of all jobs, oldest first. */
  get jobIds(): string[] {
    return [...this.#jobs.keys()]
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new RangeError('a TCP server has a port')
    this.#endpoint = `http://127.0.0.1:${address.port}`
  }

  /** Ends all containers and the server; what containers wrote to is nobody's any more when it returns. */
  async close(): Promise<void> {
    this.#closed = true
    const running = [...this.#jobs.values()].flatMap(({ container }) => container ?? [])
    const ends = running.map((container) => once(container.process, 'close'))
    for (const container of running) container.kill()
    await Promise.all(ends)
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Takes the machine of a running job away, as the spot market does: a notice, and then the end. */
  reclaim(jobId: string): void {
    const job = this.#jobs.get(jobId)
    if (!job?.container) throw new RangeError(`${jobId} does not run`)
    job.reclaimed = true
    endWithNotice(job.container)
  }

  /** Ends a job for which there was no machine for too long, as the queue's CANCEL does. */
  cancelForCapacity(jobId: string): void {
    const job = this.#jobs.get(jobId)
    if (job?.status !== 'RUNNABLE') throw new RangeError(`${jobId} does not wait`)
    this.#move(job, 'FAILED', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY')
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const signed =
      /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[\w-]+\/batch\/aws4_request, SignedHeaders=[\w;-]+, Signature=[0-9a-f]{64}$/
    if (!signed.test(request.headers.authorization ?? '')) {
      throw new Refusal(403, 'MissingAuthenticationTokenException', 'The request is not signed.')
    }
    if (this.refusal) throw new Refusal(403, this.refusal.type, this.refusal.message)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}')
    switch (`${request.method} ${request.url}`) {
      case 'POST /v1/submitjob':
        return this.#submit(checked(submitSchema, body))
      case 'POST /v1/describejobs':
        return this.#describe(checked(describeSchema, body))
      case 'POST /v1/listjobs':
        return this.#list(checked(listSchema, body))
      case 'POST /v1/terminatejob':
        return this.#terminate(checked(terminateSchema, body))
      default:
        throw new Refusal(404, 'UnknownOperationException', `${request.method} ${request.url}`)
    }
  }

  #submit({ jobName, jobQueue, jobDefinition, parameters, tags }: z.output<typeof submitSchema>): unknown {
    if (jobQueue !== this.#options.jobQueue) throw clientError(`JobQueue ${jobQueue} not found.`)
    if (jobDefinition !== this.#options.jobDefinition) {
      throw clientError(`JobDefinition ${jobDefinition} does not exist.`)
    }
    const job: Job = {
      jobId: randomUUID(),
      jobName,
      parameters,
      tags,
      createdAt: Date.now(),
      attempts: [],
      status: 'SUBMITTED',
      statusReason: undefined,
      terminated: undefined,
      reclaimed: false,
      logStreamName: undefined,
      container: undefined,
    }
    this.#jobs.set(job.jobId, job)
    setImmediate(() => this.#attempt(job))
    return { jobArn: jobArn(job.jobId), jobName, jobId: job.jobId }
  }

  #describe({ jobs: ids }: z.output<typeof describeSchema>): unknown {
    const jobs = ids.flatMap((id) => this.#jobs.get(id) ?? [])
    return { jobs: jobs.map((job) => this.#detail(job)) }
  }

  #list({ jobQueue, filters, jobStatus, nextToken = '0' }: z.output<typeof listSchema>): unknown {
    if (jobQueue !== this.#options.jobQueue) throw clientError(`JobQueue ${jobQueue} not found.`)
    const names = filters?.[0]?.values
    // Without a filter only jobs of one status are listed, and RUNNING is the one that is not named.
    const found = [...this.#jobs.values()]
      .filter((job) => (names ? names.includes(job.jobName) : job.status === (jobStatus ?? 'RUNNING')))
      .reverse()
    const from = Number(nextToken)
    const shown = found.slice(from, from + pageSize)
    return {
      jobSummaryList: shown.map(({ jobId, jobName, status }) => ({ jobId, jobName, status })),
      ...(from + pageSize < found.length ? { nextToken: String(from + pageSize) } : {}),
    }
  }

  #terminate({ jobId, reason }: z.output<typeof terminateSchema>): unknown {
    const job = this.#jobs.get(jobId)
    // The service takes a wish to end what it does not know, or what is over, without a word.
    if (job && !isOver(job)) {
      job.terminated = reason
      if (job.container) endWithNotice(job.container)
      else this.#move(job, 'FAILED', reason)
    }
    return {}
  }

  #attempt(job: Job): void {
    if (this.#closed || isOver(job)) return
    job.reclaimed = false
    this.#move(job, 'RUNNABLE')
    if (!this.hasMachines) return
    this.#move(job, 'STARTING')
    const { definition, secrets, startContainer, environment } = this.#options
    const { containerProperties } = definition
    const attempt = job.attempts.length + 1
    const container = startContainer({
      jobId: job.jobId,
      attempt,
      command: resolveCommand(definition, job.parameters),
      environment: {
        ...Object.fromEntries(containerProperties.environment.map(({ name, value }) => [name, value])),
        ...Object.fromEntries(
          containerProperties.secrets.map(({ name, valueFrom }) => {
            const value = secrets[valueFrom]
            if (value === undefined) throw new RangeError(`nothing is at ${valueFrom}`)
            return [name, value]
          }),
        ),
        ...environment,
        AWS_BATCH_JOB_ID: job.jobId,
        AWS_BATCH_JOB_ATTEMPT: String(attempt),
      },
    })
    const child = container.process
    job.container = container
    job.logStreamName = `trainer/default/${job.jobId}-${attempt}`
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.#options.log?.(job.jobId, text))
    }
    this.#move(job, 'RUNNING')
    const seconds = definition.timeout?.attemptDurationSeconds
    const timer =
      seconds === undefined
        ? undefined
        : setTimeout(() => {
            job.terminated = 'Job attempt duration exceeded timeout'
            endWithNotice(container)
          }, seconds * 1000)
    // They would outlive a process that ends before it closes this.
    const endWithUs = () => container.kill()
    process.once('exit', endWithUs)
    child.on('close', (code, signal) => {
      process.off('exit', endWithUs)
      clearTimeout(timer)
      job.container = undefined
      container.kill()
      if (!this.#closed) this.#ended(job, code, signal)
    })
  }

  #ended(job: Job, code: number | null, signal: NodeJS.Signals | null): void {
    // A container that a signal ended has 128 and the signal's number as its exit code.
    const exitCode = code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)
    const end: AttemptEnd = job.reclaimed
      ? {
          exitCode,
          reason: '',
          statusReason: 'Host EC2 (instance i-0123456789abcdef0) terminated.',
        }
      : { exitCode, reason: '', statusReason: 'Essential container in task exited' }
    job.attempts.push({ container: { exitCode, reason: end.reason }, statusReason: end.statusReason })
    // Whatever its exit code says: a job that was terminated is FAILED (API reference, TerminateJob).
    if (job.terminated !== undefined) this.#move(job, 'FAILED', job.terminated)
    else if (exitCode === 0 && !job.reclaimed) this.#move(job, 'SUCCEEDED', end.statusReason)
    else if (isRetried(this.#options.definition, job.attempts.length, end)) this.#attempt(job)
    else this.#move(job, 'FAILED', end.statusReason)
  }

  #move(job: Job, status: Status, statusReason?: string): void {
    job.status = status
    job.statusReason = statusReason
    this.#options.onEvent({
      id: randomUUID(),
      source: 'aws.batch',
      'detail-type': 'Batch Job State Change',
      detail: this.#detail(job),
    })
  }

  #detail(job: Job): Record<string, unknown> {
    const { jobId, jobName, status, statusReason, parameters, tags, createdAt } = job
    return {
      jobArn: jobArn(jobId),
      jobId,
      jobName,
      jobQueue: this.#options.jobQueue,
      jobDefinition: this.#options.jobDefinition,
      status,
      ...(statusReason === undefined ? {} : { statusReason }),
      attempts: structuredClone(job.attempts),
      parameters,
      tags,
      createdAt,
      container: {
        command: this.#options.definition.containerProperties.command,
        ...(job.logStreamName === undefined ? {} : { logStreamName: job.logStreamName }),
      },
    }
  }
}

const submitSchema = z.strictObject({
  jobName: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'Job name should match valid pattern'),
  jobQueue: z.string(),
  jobDefinition: z.string(),
  parameters: z.record(z.string(), z.string()).default({}),
  // The limits that all tags of AWS have.
  tags: z
    .record(
      z.string().regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u),
      z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u),
    )
    .refine((tags) => Object.keys(tags).length <= 50, 'at most 50 tags')
    .default({}),
  propagateTags: z.boolean().optional(),
})
const describeSchema = z.strictObject({ jobs: z.array(z.string()).max(100) })
const listSchema = z
  .strictObject({
    jobQueue: z.string(),
    filters: z
      .array(z.strictObject({ name: z.literal('JOB_NAME'), values: z.array(z.string()).min(1) }))
      .length(1)
      .optional(),
    jobStatus: z.enum(statuses).optional(),
    nextToken: z.string().regex(/^\d+$/).optional(),
  })
  .refine(({ filters, jobStatus }) => !filters || !jobStatus, 'either filters or jobStatus')
const terminateSchema = z.strictObject({ jobId: z.string(), reason: z.string().min(1) })

function isOver({ status }: Job): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED'
}

function endWithNotice(container: Container): void {
  container.notify()
  const timer = setTimeout(() => container.kill(), noticeMilliseconds)
  container.process.on('close', () => clearTimeout(timer))
}

function jobArn(jobId: string): string {
  return `arn:aws:batch:us-east-1:111111111111:job/${jobId}`
}

/** An error answer, as the SDK reads it. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message)
  }
}

function clientError(message: string): Refusal {
  return new Refusal(400, 'ClientException', `Error executing request, Exception : ${message}`)
}

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw clientError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  )
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
