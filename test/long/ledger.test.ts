import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newKey, type SigningKey, signBinding } from '@mate-bench/harness/signing'
import { verifyRun } from '@mate-bench/harness/verify'
import { findRun } from '@mate-bench/store'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serve } from '../../apps/web/src/api/testing/serve.ts'
import { jsonHeaders, openTestApi, type TestApi } from '../../apps/web/src/api/testing/test-api.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const program = fileURLToPath(new URL('../../apps/cli/bin/mate-bench.js', import.meta.url))
const secondImplementation = fileURLToPath(new URL('../support/check_ledger.py', import.meta.url))
const place = temporaryFolder()
const artifacts = join(place, 'artifacts')
const runs = join(place, 'runs')
const specFile = join(place, 'tiny.json')
const siteKey: SigningKey = newKey('the site')
let api: TestApi
let served: Awaited<ReturnType<typeof serve>>
let token: string
let admin: string

beforeAll(async () => {
  vi.stubEnv('MATE_BENCH_CONFIG', join(place, 'config'))
  api = await openTestApi({ signingKey: async () => siteKey, clock: () => new Date() })
  served = await serve(api.app)
  // Tokens are made by a clock that stands still.
  token = await api.token(['submit'], { days: 36_500 })
  admin = await api.token(['admin'], { days: 36_500 })
  writeFileSync(specFile, JSON.stringify(tinySpec()))
}, 120_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await served.close()
  await api.close()
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function mateBench(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const settings = {
    ...process.env,
    ...{ DATABASE_URL: api.store.url, MATE_BENCH_ARTIFACTS: artifacts, MATE_BENCH_URL: served.url },
    ...{ MATE_BENCH_TOKEN: token, NO_COLOR: '1', ...env },
  }
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { env: settings }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

const get = async (path: string) => await (await api.request(`/ledger/${path}`)).json()

describe('a signed run', () => {
  let folder = ''
  let key = ''

  it('is written down before it trains, is signed, and both are verified', async () => {
    key = JSON.parse((await mateBench(['key', 'create', '--name', 'ada', '--json'])).stdout).key
    const ran = await mateBench([
      'run',
      specFile,
      '--seeds',
      '1',
      '--backend',
      'wasm',
      '--out',
      runs,
      '--ledger',
      served.url,
    ])
    expect(ran).toMatchObject({ code: 0 })
    folder = /^ {2}(.*tiny.*seed1)$/m.exec(ran.stdout)?.[1] ?? ''
    const { checks } = await verifyRun(folder)
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
    const detail = (name: string) => checks.find((check) => check.name === name)?.detail
    expect(detail('signature')).toContain(key)
    expect(detail('signer')).toBe('your own key, ada')
    expect(detail('registration')).toMatch(/^event 0 of the ledger of ed25519:.*no witness that you know/)
    const { runId } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    expect((await get(`runs/${runId}`)).events).toMatchObject([
      { index: 0, event: { kind: 'started', key, registered: 'before-training', seed: 1 } },
    ])
  }, 120_000)

  it('has the subjects of an in-toto statement that anybody can hash', () => {
    const { payloadType, payload } = JSON.parse(readFileSync(join(folder, 'signature.json'), 'utf8'))
    expect(payloadType).toBe('application/vnd.in-toto+json')
    const statement = JSON.parse(Buffer.from(payload, 'base64').toString())
    expect(statement._type).toBe('https://in-toto.io/Statement/v1')
    expect(statement.subject).toHaveLength(7)
    for (const { name, digest } of statement.subject) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ).toBe(digest.sha256)
    }
  })

  it('is published as recomputed, with its key', async () => {
    expect(await mateBench(['publish', folder])).toMatchObject({ code: 0 })
    const { runId } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    expect((await findRun(api.store.db, runId))?.tier).toBe('recomputed')
    expect(
      (await get(`runs/${runId}`)).events.map(({ event }: { event: { kind: string } }) => event.kind),
    ).toEqual([...['started', 'finished']])
  }, 60_000)

  it('does not verify with the signature of another, or after any change', async () => {
    const other = join(place, 'other')
    cpSync(folder, other, { recursive: true })
    const path = join(other, 'signature.json')
    const text = readFileSync(path, 'utf8')
    const failures = async () => {
      const { checks } = await verifyRun(other)
      return checks.filter(({ ok }) => !ok).map(({ name }) => name)
    }
    const envelope = JSON.parse(text)
    const [{ sig }] = envelope.signatures
    writeFileSync(path, text.replace(sig, Buffer.alloc(64, 1).toString('base64')))
    expect(await failures()).toEqual(['signature'])
    writeFileSync(path, text.replace(key, newKey('eve').keyId))
    expect(await failures()).toEqual(['signature'])
    writeFileSync(path, '{')
    expect(await failures()).toEqual(['signature'])
    writeFileSync(path, text)
    const registration = join(other, 'registration.json')
    writeFileSync(registration, readFileSync(registration, 'utf8').replace('"seed": 1', '"seed": 2'))
    expect(await failures()).toEqual(['registration'])
    rmSync(registration)
    expect(await failures()).toEqual([])
  }, 120_000)

  it('trains without a network too, and says that it is not registered', async () => {
    const lost = ['run', specFile, '--seeds', '2', '--backend', 'wasm', '--out', runs]
    const ran = await mateBench([...lost, '--ledger', 'http://127.0.0.1:9'])
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/seed 2 is not registered/)
    const second = folder.replace(/seed1$/, 'seed2')
    const { checks } = await verifyRun(second)
    const claims = checks.filter(({ name }) => name === 'registration' || name === 'start')
    expect(claims.map(({ outcome }) => outcome)).toEqual(['passed', 'claimed'])
    expect(await mateBench(['publish', second])).toMatchObject({ code: 0 })
    const shown = await mateBench(['ledger', 'show', '--spec', specFile])
    expect(shown.stdout.match(/not registered before training/g)).toHaveLength(1)
  }, 120_000)

  it('is begun with no token that is bound to another key, nor without one', async () => {
    const asEve = { MATE_BENCH_CONFIG: join(place, 'config-eve') }
    const seed = [
      'run',
      specFile,
      '--seeds',
      '1',
      '--backend',
      'wasm',
      '--out',
      join(place, 'eve'),
      '--ledger',
      served.url,
    ]
    const unsigned = await mateBench(seed, asEve)
    expect(unsigned).toMatchObject({ code: 2, stderr: expect.stringContaining('bound to another key') })
    const noToken = await mateBench(seed, { MATE_BENCH_TOKEN: 'mb_0123456789ab_none' })
    expect(noToken.code).toBe(2)
  }, 60_000)

  it('gives nobody its key who sends what was signed, without a word of that key on their token', async () => {
    const seen = JSON.parse(readFileSync(join(folder, 'start.json'), 'utf8'))
    const fresh = await api.token(['submit'], { owner: 'eve', days: 36_500 })
    const send = async (body: unknown) => {
      const init = { method: 'POST', headers: jsonHeaders(fresh), body: JSON.stringify(body) }
      return (await api.request('/ledger/starts', init)).status
    }
    const eve = newKey('eve')
    const site = 'localhost'
    expect(await send(seen)).toBe(403)
    expect(await send({ ...seen, binding: signBinding(eve, { token: fresh, site }) })).toBe(403)
    expect(await send({ ...seen, binding: seen.envelope })).toBe(422)
    const { runId } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    const failure = await api.request(`/ledger/runs/${runId}/failure`, {
      ...{ method: 'POST', headers: jsonHeaders(fresh), body: JSON.stringify({ reason: 'lost' }) },
    })
    expect(failure.status).toBe(403)
  })

  it('can be withdrawn by an administrator alone, and its tombstone stays', async () => {
    const { runId } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    const withdraw = ['ledger', 'withdraw', runId, '--reason', 'wrong labels']
    expect((await mateBench(withdraw)).code).not.toBe(0)
    const done = await mateBench(withdraw, { MATE_BENCH_TOKEN: admin })
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('wrong labels') })
    expect(await findRun(api.store.db, runId)).toBeDefined()
  }, 60_000)
})

describe('the ledger', () => {
  /** Whether this machine has Python: CI does. */
  const hasPython = spawnSync('python3', ['--version']).status === 0

  it.skipIf(!hasPython && !process.env.CI)('is proven by a second implementation', async () => {
    const { head, envelope } = await get('head')
    const { data } = await get('events?limit=200')
    const events = data.map(({ event }: { event: unknown }) => event)
    const evidence = data.map((row: { evidence: unknown }) => row.evidence)
    const input = JSON.stringify({ events, envelope, evidence })
    const found = JSON.parse(execFileSync('python3', [secondImplementation], { input, encoding: 'utf8' }))
    expect(found.root).toBe(head.rootHash)
    expect(found.head).toEqual({ key: siteKey.keyId, payload: head })
    expect(head.treeSize).toBe(5)
    for (let i = 0; i < head.treeSize; i++) {
      const { path } = await get(`events/${i}/proof`)
      expect(path).toEqual(found.inclusion[i])
      expect((await get(`consistency?first=${i + 1}&second=${head.treeSize}`)).path).toEqual(
        found.consistency[i],
      )
      if (evidence[i]) expect(found.evidence[i].payload.runId).toBe(events[i].runId)
    }
    const changed = JSON.stringify({ events: events.toReversed(), envelope, evidence: [] })
    const other = JSON.parse(
      execFileSync('python3', [secondImplementation], { input: changed, encoding: 'utf8' }),
    )
    expect(other.root).not.toBe(head.rootHash)
  })

  it('is checked from the command line, against what was seen before', async () => {
    const first = await mateBench(['ledger', 'check', '--json'])
    expect(JSON.parse(first.stdout)).toMatchObject({ ok: true, key: siteKey.keyId, head: { treeSize: 5 } })
    const again = await mateBench(['ledger', 'check', runs])
    // The run that trained without a network is in the folder too.
    expect(again.code).toBe(1)
    expect(again.stdout).toContain('it goes on from the 5 events that you saw last')
    expect(again.stdout).toMatch(/✓ run .*seed1: event 0/)
    expect(again.stdout).toMatch(/✗ run .*not registered before training/)
  }, 60_000)

  it('does not check where it was rewritten', async () => {
    const path = join(place, 'config', 'known-ledgers.json')
    const known = JSON.parse(readFileSync(path, 'utf8'))
    known.ledgers[0].head = { ...known.ledgers[0].head, treeSize: 4 }
    writeFileSync(path, JSON.stringify(known))
    const rewritten = await mateBench(['ledger', 'check'])
    expect(rewritten).toMatchObject({ code: 1, stdout: expect.stringContaining('does not go on') })
    known.ledgers[0].key = newKey('another').keyId
    writeFileSync(path, JSON.stringify(known))
    expect((await mateBench(['ledger', 'check'])).stdout).toContain('it was signed by')
  }, 60_000)
})
