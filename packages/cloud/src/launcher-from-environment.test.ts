import { type SilentServer, startSilentServer } from '@mate-bench/store/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { cloudVariables } from './environment.ts'
import { launcherFromEnvironment } from './launcher-from-environment.ts'

let silent: SilentServer
let asked = 0
const before = { ...process.env }
beforeAll(async () => {
  silent = await startSilentServer(() => asked++)
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SQS: silent.url,
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

it('a queue that does not answer is waited for no longer than twice three seconds', async () => {
  const launcher = launcherFromEnvironment({
    [cloudVariables.launcher]: 'aws-batch',
    [cloudVariables.launchQueueUrl]: `${silent.url}/111111111111/launch`,
  })
  const woken = launcher.wake?.().catch((thrown: unknown) => thrown)
  const waiting = woken?.then(() => false)
  const tick = () => new Promise<true>((resolve) => setImmediate(() => resolve(true)))
  let waited = 0
  while ((await Promise.race([waiting, tick()])) && waited < 20_000) {
    if (asked === 0) continue
    await vi.advanceTimersByTimeAsync(100)
    waited += 100
  }
  expect(await Promise.race([woken, tick()])).toMatchObject({ name: 'TimeoutError' })
  expect(asked).toBe(2)
})
