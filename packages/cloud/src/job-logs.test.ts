import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openJobLogs } from './job-logs.ts'
import { FakeLogs } from './testing/fake-logs.ts'

const logGroup = '/mate-bench/test/trainer'
const stream = 'trainer/default/0123'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'no-secret-key', sessionToken: 'no-token' }

let fake: FakeLogs
let endpoint: string
const clients: CloudWatchLogsClient[] = []
beforeAll(async () => {
  fake = new FakeLogs({ logGroup, pageSize: 3 })
  endpoint = await fake.start()
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await fake?.close()
})
beforeEach(() => {
  fake.streams.clear()
  fake.refusal = undefined
})

function logs(at = endpoint, group = logGroup) {
  const client = new CloudWatchLogsClient({ endpoint: at, region: 'us-east-1', credentials, maxAttempts: 1 })
  clients.push(client)
  return openJobLogs(group, client)
}

/** Pages until the token stays the same, as every reader has to. */
async function all(from?: string): Promise<{ lines: string[]; next: string | undefined }> {
  const reader = logs()
  const lines: string[] = []
  for (let next = from; ; ) {
    const page = await reader.read(stream, next)
    lines.push(...page.lines.map(({ at, text }) => `${at.toISOString()} ${text}`))
    if (page.next === next) return { lines, next }
    next = page.next
  }
}

describe('the logs of a container', () => {
  it('come from the start, page after page, past pages that are empty', async () => {
    fake.write(stream, ...Array.from({ length: 8 }, (_, i) => `line ${i + 1}`))
    const { lines } = await all()
    expect(lines).toHaveLength(8)
    expect(lines[0]).toBe('2026-01-01T00:00:00.000Z line 1')
    expect(lines[7]).toBe('2026-01-01T00:00:07.000Z line 8')
  })

  it('go on where the last page ended', async () => {
    fake.write(stream, 'one', 'two')
    const { next } = await all()
    expect((await all(next)).lines).toEqual([])
    fake.write(stream, 'three', 'four')
    expect((await all(next)).lines).toEqual([
      '2026-01-01T00:00:02.000Z three',
      '2026-01-01T00:00:03.000Z four',
    ])
  })

  it('are none before the container has written', async () => {
    expect(await logs().read(stream)).toEqual({ lines: [], next: undefined })
    expect(await logs().read(stream, 'f/3')).toEqual({ lines: [], next: 'f/3' })
  })

  it('say storage for credentials that are refused, and nothing of what was sent', async () => {
    fake.refusal = {
      type: 'InvalidSignatureException',
      message: `The request signature we calculated does not match.\n\nThe Canonical String should have been\n'POST\n/\nx-amz-security-token:no-token'`,
    }
    const error = await logs()
      .read(stream)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'storage',
      message: 'The logs cannot be read: The request signature we calculated does not match.',
      path: logGroup,
      hint: expect.stringContaining('AWS_PROFILE'),
    })
    expect(String(error)).not.toMatch(/no-secret-key|no-token/)
  })

  it('say storage where nobody answers', async () => {
    const closed = new FakeLogs({ logGroup })
    const nowhere = await closed.start()
    await closed.close()
    await expect(logs(nowhere).read(stream)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })
})
