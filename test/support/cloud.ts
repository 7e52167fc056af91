import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { cloudVariables } from '@mate-bench/cloud'
import { closeLinkedStore } from '@mate-bench/cloud/linked-database'
import {
  type BatchEvent,
  FakeBatch,
  type JobDefinition,
  jobDefinitionSchema,
  processContainers,
  type StartContainer,
} from '@mate-bench/cloud/testing'
import { formatKey, newKey } from '@mate-bench/harness/signing'
import { startWebSocketBridge } from '@mate-bench/store/testing'
import { startFauxqs } from 'fauxqs'
import { handler as takeInEvents } from '../../functions/batch-events/src/handler.ts'
import { handler as launch } from '../../functions/launch/src/handler.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const jobQueue = 'arn:aws:batch:us-east-1:111111111111:job-queue/gpu'
const jobDefinition = 'arn:aws:batch:us-east-1:111111111111:job-definition/trainer:1'

export interface Cloud {
  readonly batch: FakeBatch
  readonly bucket: string
  /** What the site needs to know to be part of it. */
  readonly environment: Readonly<Record<string, string>>
  /** Events as they were told, before they were shuffled and doubled. */
  readonly events: readonly BatchEvent[]
  /** What containers and functions said. */
  log(): string
  /** Keys in the bucket under a prefix. */
  keys(prefix: string): Promise<string[]>
  close(): Promise<void>
}

/** What the job definition runs. */
export interface TrainerOfCloud {
  readonly start: StartContainer
  /** Stands in the definition in place of the image of the mocked graph. */
  readonly image?: string
  /** What the containers are told on this machine. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The deployed parts on this machine, with the protocols that they speak there: S3 and SQS, AWS Batch's HTTP API in
 * front of containers that run the job definition of the infrastructure, @vercel/postgres over a WebSocket, and the
 * functions' own handlers behind their queues. Events come shuffled, and each twice.
 *
 * The environment of this process is changed until `close`.
 *
 * @param trainer default: a process of this machine, with the backend `wasm`
 */
export async function startCloud(databaseUrl: string, trainer?: TrainerOfCloud): Promise<Cloud> {
  const before = { ...process.env }
  const said: string[] = []
  const scratch = mkdtempSync(join(tmpdir(), 'mate-bench-cloud-'))
  const aws = await startFauxqs({ port: 0, logger: false })
  const endpoint = `http://127.0.0.1:${aws.port}`
  const bridge = await startWebSocketBridge(databaseUrl)
  const {
    start,
    image,
    environment: told,
  } = trainer ?? {
    start: processContainers(root),
    environment: { MATE_BENCH_TRAINER_BACKEND: 'wasm', MATE_BENCH_TRAINER_WORK: scratch },
  }
  const definition = definitionWith(image)
  const bucket = bucketOf(definition)
  const shared = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_SQS: endpoint,
    MATE_BENCH_POSTGRES_PROXY: bridge.proxy,
    NO_COLOR: '1',
  }
  const secretValues: Record<string, string> = {
    POSTGRES_URL: databaseUrl,
    MATE_BENCH_SIGNING_KEY: formatKey(newKey('trainer')),
  }
  const secrets = definition.containerProperties.secrets.map(({ name, valueFrom }) => {
    const value = secretValues[name]
    if (value === undefined) throw new RangeError(`the definition asks for the secret ${name}`)
    return [valueFrom, value] as const
  })
  const events: BatchEvent[] = []
  const untold: BatchEvent[] = []
  const batch = new FakeBatch({
    jobQueue,
    jobDefinition,
    definition,
    secrets: Object.fromEntries(secrets),
    startContainer: start,
    environment: { ...shared, ...told },
    onEvent(event) {
      events.push(event)
      untold.push(event)
    },
    log: (jobId, text) => said.push(`${jobId.slice(0, 8)} ${text}`),
  })
  await batch.start()
  // The container is told these by its definition.
  const elsewhere = { AWS_REGION: 'us-east-1', MATE_BENCH_ARTIFACTS: `s3://${bucket}/artifacts` }
  Object.assign(process.env, shared, elsewhere)
  const s3 = new S3Client({ forcePathStyle: true })
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false })
  await s3.send(new CreateBucketCommand({ Bucket: bucket }))
  const [launchQueue, eventQueue] = await Promise.all(
    ['launch', 'events'].map(async (QueueName) => {
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }))
      return QueueUrl
    }),
  )
  if (launchQueue === undefined || eventQueue === undefined) throw new RangeError('a queue has a URL')
  const functions = {
    ...shared,
    ...elsewhere,
    DATABASE_URL: databaseUrl,
    AWS_ENDPOINT_URL_BATCH: batch.endpoint,
    [cloudVariables.launcher]: 'aws-batch',
    [cloudVariables.jobQueue]: jobQueue,
    [cloudVariables.jobDefinition]: jobDefinition,
    [cloudVariables.launchQueueUrl]: launchQueue,
    [cloudVariables.maximumActiveJobs]: '2',
  }
  Object.assign(process.env, functions)
  delete process.env.POSTGRES_URL

  const done = new AbortController()
  const problem = (thrown: unknown) => said.push(`function: ${String(thrown)}\n`)
  const pumps = [
    pump(
      sqs,
      launchQueue,
      done.signal,
      async (messages) => {
        await launch()
        return messages.map(({ messageId }) => messageId)
      },
      problem,
    ),
    pump(
      sqs,
      eventQueue,
      done.signal,
      async (messages) => {
        const { batchItemFailures } = await takeInEvents({ Records: messages as never })
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
        return messages.map(({ messageId }) => messageId).filter((id) => !failed.has(id))
      },
      problem,
    ),
    tell(sqs, eventQueue, done.signal, untold),
  ].map((running) => running.catch((thrown: unknown) => said.push(`pump: ${String(thrown)}`)))

  return {
    batch,
    bucket,
    environment: functions,
    events,
    log: () => said.join(''),
    async keys(prefix) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
      return Contents.flatMap(({ Key }) => Key ?? [])
    },
    async close() {
      done.abort()
      await batch.close()
      await Promise.all(pumps)
      await closeLinkedStore()
      s3.destroy()
      sqs.destroy()
      await aws.stop()
      await bridge.close()
      await rm(scratch, { recursive: true, force: true })
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
      Object.assign(process.env, before)
    },
  }
}

/** The job definition of the infrastructure; its image stands in it twice, as what is run and as what the trainer is told. */
function definitionWith(image: string | undefined): JobDefinition {
  const text = readFileSync(`${root}/infra/job-definition.json`, 'utf8')
  const { containerProperties } = JSON.parse(text)
  return jobDefinitionSchema.parse(
    JSON.parse(image === undefined ? text : text.replaceAll(containerProperties.image, image)),
  )
}

/** The one that the infrastructure's names lead to: another name in the definition, and the container finds nothing. */
function bucketOf({ containerProperties }: JobDefinition): string {
  const address = containerProperties.environment.find(({ value }) => value.startsWith('s3://'))?.value
  if (address === undefined) throw new RangeError('the job definition names no bucket')
  return new URL(address).host
}

interface Message {
  readonly messageId: string
  readonly body: string
}

/** Delivers messages to a function as Lambda does; those that it did not take stay in the queue. */
async function pump(
  sqs: SQSClient,
  QueueUrl: string,
  stop: AbortSignal,
  take: (messages: readonly Message[]) => Promise<string[]>,
  problem: (thrown: unknown) => void,
): Promise<void> {
  while (!stop.aborted) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 5 }),
    )
    const messages = Messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }))
    const taken = new Set(
      messages.length === 0
        ? []
        : await take(messages).catch((thrown: unknown) => {
            problem(thrown)
            return []
          }),
    )
    const Entries = Messages.filter(({ MessageId }) => taken.has(MessageId ?? '')).map(
      ({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }),
    )
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    if (Messages.length === 0) await sleep(100)
  }
}

/** Sends what has gathered in another order, and everything twice. */
async function tell(
  sqs: SQSClient,
  QueueUrl: string,
  stop: AbortSignal,
  untold: BatchEvent[],
): Promise<void> {
  let turn = 0
  while (!stop.aborted) {
    await sleep(400)
    const some = untold.splice(0, 5)
    const doubled = [...some, ...some].map((event, index) => ({
      event,
      place: (index * 7 + ++turn * 3) % 11,
    }))
    doubled.sort((a, b) => a.place - b.place)
    const Entries = doubled.map(({ event }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(event),
    }))
    if (Entries.length > 0) await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
  }
}
