import { type SilentServer, startSilentServer } from '@mate-bench/store/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { openBatchService } from './batch-service.ts'

const jobQueue = 'arn:aws:batch:us-east-1:111111111111:job-queue/gpu'
const jobDefinition = 'arn:aws:batch:us-east-1:111111111111:job-definition/trainer:1'

let silent: SilentServer
let asked = 0
const before = { ...process.env }
beforeAll(async () => {
  silent = await startSilentServer(() => asked++)
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_BATCH: silent.url,
  })
})
afterAll(() => {
  silent.close()
  process.env = before
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it('a service that does not answer is waited for no longer than twice six seconds', async () => {
  const service = openBatchService({ jobQueue, jobDefinition })
  const answer = service
    .submit({ runId: `run_${'0'.repeat(20)}`, submissionId: 'sub_1' })
    .catch((thrown: unknown) => thrown)
  let waited = 0
  const waiting = answer.then(() => false)
  const tick = () => new Promise<true>((resolve) => setImmediate(() => resolve(true)))
  while (await Promise.race([waiting, tick()])) {
    if (asked === 0) continue
    await vi.advanceTimersByTimeAsync(100)
    waited += 100
    if (waited > 60_000) break
  }
  expect(await Promise.race([answer, tick()])).toMatchObject({
    code: 'storage',
    message: expect.stringContaining('cannot be used for submitting'),
  })
  expect(asked).toBe(2)
  // Three such calls under the lock stay below the 45 s after which the database gives it up.
  expect(waited).toBeLessThan(15_000)
})
