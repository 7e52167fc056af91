import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BenchError } from '@mate-bench/schema'
import { afterEach, describe, expect, it } from 'vitest'
import { createApiClient, type RemoteSubmission } from './api-client.ts'
import { watchSubmission } from './watch-submission.ts'

const submission = (state: string, more: Partial<RemoteSubmission> = {}): RemoteSubmission => ({
  id: 'sub_1',
  state,
  position: null,
  progress: null,
  failure: null,
  runIds: [],
  sameSpec: [],
  history: [{ at: '', actor: 'ada', toState: 'submitted', note: null }],
  ...more,
})

describe('createApiClient', () => {
  const servers: ReturnType<typeof createServer>[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  async function site(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
    const server = createServer((_, response) => response.writeHead(status, headers).end(body))
    servers.push(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it.each(['http://bench.example.org', 'http://10.0.0.1', 'http://localhost.example.org'])(
    'does not send a token to %s in the clear',
    (url) => {
      expect(() => createApiClient(url, 'token')).toThrow(/plain HTTP/)
    },
  )

  it.each(['bench.example.org', 'ftp://bench.example.org', 'javascript:alert(1)', ''])(
    'refuses %j',
    (url) => {
      expect(() => createApiClient(url, 'token')).toThrow(BenchError)
    },
  )

  it('keeps the path under which a site lives', () => {
    const { pageOf } = createApiClient('https://example.org/bench', 'token')
    expect(pageOf('sub_1')).toBe('https://example.org/bench/submissions/sub_1')
  })

  it('turns problem details into an error with every problem', async () => {
    const problems = [{ path: 'seeds', message: 'Missing.' }]
    const url = await site(
      422,
      JSON.stringify({ title: 'The spec has problems', code: 'bad-spec', problems }),
    )
    await expect(createApiClient(url, 'token').get('sub_1')).rejects.toMatchObject({
      code: 'bad-spec',
      problems,
    })
  })

  it('says so when it is no site of ours, or none at all', async () => {
    const get = (url: string) => createApiClient(url, 'token').get('sub_1')
    await expect(get(await site(404, '<html>'))).rejects.toMatchObject({ code: 'bad-input' })
    await expect(get(await site(200, '<html>'))).rejects.toMatchObject({ code: 'bad-input' })
    await expect(get(await site(200, '{"id": 1}'))).rejects.toMatchObject({ code: 'bad-input' })
    await expect(createApiClient('http://127.0.0.1:9', 'token').get('sub_1')).rejects.toMatchObject({
      code: 'offline',
    })
  })

  it('is away where something before the site answers for it, or its answer breaks off', async () => {
    const get = (url: string) => createApiClient(url, 'token').get('sub_1')
    const away = await site(502, '<html>', { 'retry-after': '0' })
    await expect(get(away)).rejects.toMatchObject({ code: 'offline' })
    const cutOff = await site(200, '{', { 'content-length': '100', connection: 'close' })
    await expect(get(cutOff)).rejects.toMatchObject({ code: 'offline' })
  })

  it('asks a busy site again, but never for what would be done twice', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      if (asked.length % 2 === 1) response.writeHead(503, { 'retry-after': '0' }).end()
      else response.writeHead(200).end(JSON.stringify(submission('submitted')))
    })
    servers.push(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const client = createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token')
    expect(await client.get('sub_1')).toMatchObject({ state: 'submitted' })
    expect(await client.submit('{}', 'key')).toMatchObject({ state: 'submitted' })
    await expect(client.approve('sub_1')).rejects.toMatchObject({ code: 'offline' })
    expect(asked).toEqual([
      'GET /api/v1/submissions/sub_1',
      'GET /api/v1/submissions/sub_1',
      'POST /api/v1/submissions',
      'POST /api/v1/submissions',
      'POST /api/v1/submissions/sub_1/approve',
    ])
  })

  it('does not follow a redirect with the token', async () => {
    const url = await site(302, '', { location: 'https://elsewhere.example/' })
    await expect(createApiClient(url, 'token').get('sub_1')).rejects.toMatchObject({ code: 'offline' })
  })
})

describe('watchSubmission', () => {
  const pageOfRun = (id: string) => `https://bench.example.org/runs/${id}`

  it('says each change once, waits for a site that is away, and ends with the submission', async () => {
    const event = (toState: string, note: string | null = null) => ({ at: '', actor: 'x', toState, note })
    const first = submission('submitted').history
    const answers: (RemoteSubmission | BenchError)[] = [
      submission('queued', { history: [...first, event('approved', 'go'), event('queued')], position: 2 }),
      new BenchError({ code: 'offline', message: 'away' }),
      submission('finished', {
        history: [...first, event('approved', 'go'), event('queued'), event('running'), event('finished')],
        runIds: ['run_1'],
      }),
    ]
    const said: string[] = []
    const get = async () => {
      const answer = answers.shift()
      if (!answer) throw new Error('asked too often')
      if (answer instanceof BenchError) throw answer
      return answer
    }
    const last = await watchSubmission(
      { get, pageOfRun },
      submission('submitted'),
      (line) => said.push(line),
      0,
    )
    expect(last.state).toBe('finished')
    expect(said.map((line) => line.trim())).toEqual([
      'approved by x: go',
      'queued by x',
      '2 ahead of it in the queue',
      'running by x',
      'finished by x',
      'https://bench.example.org/runs/run_1',
    ])
  })

  it('has one line an epoch, however often it asks', async () => {
    const training = (epoch: number, step: number, top1: number[]): RemoteSubmission =>
      submission('running', {
        progress: {
          at: '',
          done: 0,
          runs: [
            {
              seed: 1,
              state: 'training',
              epoch,
              epochs: 3,
              step,
              stepsPerEpoch: 9,
              loss: 1,
              top1,
              imagesPerSecond: 10,
              secondsLeft: 90 - epoch,
            },
          ],
        },
      })
    const answers = [
      training(0, 0, []),
      training(0, 2, [0.5, 0.25]),
      training(0, 8, [0.6, 0.3]),
      training(1, 1, [0.7, 0.4]),
    ]
    const said: string[] = []
    const get = async () => answers.shift() ?? submission('cancelled')
    await watchSubmission({ get, pageOfRun }, submission('queued'), (line) => said.push(line.trim()), 0)
    expect(said).toEqual([
      'seed 1: epoch 1/3, train top-1 50.0 / 25.0 %, 1 min 30 s left',
      'seed 1: epoch 2/3, train top-1 70.0 / 40.0 %, 1 min 29 s left',
    ])
  })

  it('gives up on an answer that is no passing fault', async () => {
    const get = async () => {
      throw new BenchError({ code: 'not-found', message: 'gone' })
    }
    await expect(
      watchSubmission({ get, pageOfRun }, submission('queued'), () => {}, 0),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
