import {
  BatchClient,
  DescribeJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch'
import { afterEach, describe, expect, it } from 'vitest'
import { type BatchEvent, FakeBatch } from './fake-batch.ts'
import { isRetried, type JobDefinition, jobDefinitionSchema, resolveCommand } from './job-definition.ts'
import { processContainers } from './process-container.ts'

const jobQueue = 'arn:aws:batch:us-east-1:111111111111:job-queue/gpu'
const jobDefinition = 'arn:aws:batch:us-east-1:111111111111:job-definition/trainer:1'

const evaluateOnExit = [
  { onStatusReason: 'Host EC2*', action: 'RETRY' },
  { onReason: 'CannotPullContainerError*', action: 'RETRY' },
  { onExitCode: '75', action: 'RETRY' },
  { onReason: '*', action: 'EXIT' },
]

function definition(script: string, attempts = 3): JobDefinition {
  return jobDefinitionSchema.parse({
    containerProperties: {
      command: ['node', '-e', script, 'Ref::runId'],
      environment: [{ name: 'PLAIN', value: 'from the definition' }],
      secrets: [{ name: 'HIDDEN', valueFrom: 'arn:secret' }],
    },
    retryStrategy: { attempts, evaluateOnExit },
    timeout: { attemptDurationSeconds: 3600 },
  })
}

const clients: BatchClient[] = []
const fakes: FakeBatch[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  for (const fake of fakes.splice(0)) await fake.close()
})

async function start(script: string, attempts?: number) {
  const events: BatchEvent[] = []
  let text = ''
  const fake = new FakeBatch({
    jobQueue,
    jobDefinition,
    definition: definition(script, attempts),
    secrets: { 'arn:secret': 'told to the container alone' },
    startContainer: processContainers(process.cwd()),
    environment: { OVERRIDE: 'yes' },
    onEvent: (event) => events.push(event),
    log: (_, more) => {
      text += more
    },
  })
  await fake.start()
  fakes.push(fake)
  const client = new BatchClient({
    endpoint: fake.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  clients.push(client)
  const submit = async (changes: Partial<SubmitJobCommand['input']> = {}) =>
    await client.send(
      new SubmitJobCommand({
        jobName: 'run_1',
        jobQueue,
        jobDefinition,
        parameters: { runId: 'x' },
        ...changes,
      }),
    )
  const statuses = () => events.map(({ detail }) => detail.status)
  const ended = async () => {
    await expect.poll(() => statuses().at(-1), { timeout: 10_000 }).toMatch(/SUCCEEDED|FAILED/)
  }
  return { fake, client, events, submit, statuses, ended, text: () => text }
}

describe('a job', () => {
  it('runs the definition’s command with parameters, environment and secrets', async () => {
    const { submit, ended, text, statuses, client } = await start(
      'const e = process.env; console.log(process.argv[1], e.PLAIN, e.HIDDEN, e.OVERRIDE, e.AWS_BATCH_JOB_ATTEMPT)',
    )
    const { jobId = '' } = await submit()
    await ended()
    expect(text()).toBe('x from the definition told to the container alone yes 1\n')
    expect(statuses()).toEqual(['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED'])
    const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [jobId, 'of-nobody'] }))
    expect(jobs).toHaveLength(1)
    expect(jobs?.[0]).toMatchObject({ jobId, jobName: 'run_1', status: 'SUCCEEDED' })
    expect(JSON.stringify(jobs)).not.toContain('told to the container alone')
  })

  it('is tried again where its exit code asks for that, as often as the definition says', async () => {
    const { submit, ended, statuses } = await start('process.exit(75)', 2)
    await submit()
    await ended()
    expect(statuses().filter((status) => status === 'RUNNING')).toHaveLength(2)
    expect(statuses().at(-1)).toBe('FAILED')
  })

  it('is not tried again where it was refused', async () => {
    const { submit, ended, statuses } = await start('process.exit(64)')
    await submit()
    await ended()
    expect(statuses().filter((status) => status === 'RUNNING')).toHaveLength(1)
  })

  it('is tried again when its machine is taken away, and hears of it first', async () => {
    const waits =
      'process.on("SIGTERM", () => { console.log("notice"); process.exit(0) }); setInterval(() => {}, 1e3)'
    const { fake, submit, statuses, text } = await start(
      `if (process.env.AWS_BATCH_JOB_ATTEMPT === "2") process.exit(0); console.log("up"); ${waits}`,
    )
    const { jobId = '' } = await submit()
    await expect.poll(text, { timeout: 10_000 }).toContain('up')
    fake.reclaim(jobId)
    await expect.poll(() => statuses().at(-1), { timeout: 10_000 }).toBe('SUCCEEDED')
    expect(text()).toContain('notice')
    expect(statuses().filter((status) => status === 'RUNNABLE')).toHaveLength(2)
  })

  it('is ended on request', async () => {
    const { client, submit, ended, events, text } = await start(
      'console.log("up"); setInterval(() => {}, 1000)',
    )
    const { jobId = '' } = await submit()
    await expect.poll(text, { timeout: 10_000 }).toContain('up')
    await client.send(new TerminateJobCommand({ jobId, reason: 'not wanted' }))
    await ended()
    expect(events.at(-1)?.detail).toMatchObject({ status: 'FAILED', statusReason: 'not wanted' })
  })
})

describe('the service refuses', () => {
  it.each([
    ['a queue that is not there', { jobQueue: 'other' }, 'JobQueue other not found.'],
    ['a definition that is not there', { jobDefinition: 'other:1' }, 'JobDefinition other:1 does not exist.'],
    ['a tag that is AWS’s own', { tags: { 'aws:run': '1' } }, 'tags'],
    ['a tag that is too long', { tags: { run: 'x'.repeat(257) } }, 'tags.run'],
    ['a name that it could not use', { jobName: 'a name' }, 'Job name should match valid pattern'],
  ])('%s', async (_, changes, message) => {
    const { submit } = await start('')
    await expect(submit(changes)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringContaining(message),
    })
  })

  it('what is not signed', async () => {
    const { fake } = await start('')
    const answer = await fetch(`${fake.endpoint}/v1/submitjob`, { method: 'POST', body: '{}' })
    expect(answer.status).toBe(403)
  })
})

describe('isRetried', () => {
  const rules = definition('')
  const end = { exitCode: 1, reason: '', statusReason: 'Essential container in task exited' }
  it.each([
    ['a failure of its own', end, 1, false],
    ['a machine taken away', { ...end, statusReason: 'Host EC2 (instance i-1) terminated.' }, 1, true],
    ['an image that did not come', { ...end, reason: 'CannotPullContainerError: 500' }, 1, true],
    ['an exit that asks for it', { ...end, exitCode: 75 }, 2, true],
    ['the last attempt', { ...end, exitCode: 75 }, 3, false],
  ])('%s', (_, how, attempt, expected) => {
    expect(isRetried(rules, attempt, how)).toBe(expected)
  })

  it('is true where no rule matches: the service tries again', () => {
    const open = { ...rules, retryStrategy: { attempts: 2, evaluateOnExit: [] } }
    expect(isRetried(open, 1, end)).toBe(true)
  })
})

it('a command that names a parameter which is not there is refused', () => {
  expect(() => resolveCommand(definition(''), {})).toThrow('runId')
})
