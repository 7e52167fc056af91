import { cloudVariables } from '@mate-bench/cloud'
import { closeLinkedStore } from '@mate-bench/cloud/linked-database'
import { approve, FakeBatch, jobDefinitionSchema, processContainers } from '@mate-bench/cloud/testing'
import { rateLimits, trainingJobsOf } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { handler } from './handler.ts'

const jobQueue = 'arn:aws:batch:us-east-1:111111111111:job-queue/gpu'
const jobDefinition = 'arn:aws:batch:us-east-1:111111111111:job-definition/trainer:1'

let store: TestStore
let batch: FakeBatch
const before = { ...process.env }
const said: string[] = []
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation((line) => said.push(String(line)))
  store = await openTestStore()
  batch = new FakeBatch({
    jobQueue,
    jobDefinition,
    definition: jobDefinitionSchema.parse({ containerProperties: { command: ['true'] } }),
    secrets: {},
    startContainer: processContainers(process.cwd()),
    environment: {},
    onEvent: () => {},
  })
  batch.hasMachines = false
  await batch.start()
  delete process.env.POSTGRES_URL
  Object.assign(process.env, {
    DATABASE_URL: store.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_BATCH: batch.endpoint,
    [cloudVariables.jobQueue]: jobQueue,
    [cloudVariables.jobDefinition]: jobDefinition,
    [cloudVariables.maximumActiveJobs]: '1',
  })
})
afterAll(async () => {
  vi.restoreAllMocks()
  await closeLinkedStore()
  process.env = before
  await batch?.close()
  await store?.close()
})

it('submits what nobody was woken for, hears of an end, and drops what has had its time', async () => {
  const { id } = await approve(store.db, [1, 2])
  const states = async () => (await trainingJobsOf(store.db, id)).map(({ state }) => state)
  await store.db.insert(rateLimits).values({ key: 'old', fullAt: new Date(0) })
  await handler()
  expect(said.at(-1)).toBe('0 mended, 0 given up, 0 unwanted, 1 submitted, 0 asked to end')
  expect(await states()).toEqual(['submitted', 'waiting'])
  expect(await store.db.$count(rateLimits)).toBe(0)

  batch.cancelForCapacity(batch.jobIds[0] ?? '')
  await handler()
  expect(said.at(-1)).toBe('1 mended, 0 given up, 0 unwanted, 1 submitted, 0 asked to end')
  expect(await states()).toEqual(['failed', 'submitted'])
})

it('fails where AWS Batch refuses, so that somebody hears of it', async () => {
  batch.refusal = { type: 'ExpiredTokenException', message: 'The security token has expired' }
  await expect(handler()).rejects.toThrow('The security token has expired')
  batch.refusal = undefined
})
