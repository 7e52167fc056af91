import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventHash, hashName, signedBytes } from '@mate-bench/provenance'
import { companionFiles, type Manifest, payloadTypes, type TreeHead } from '@mate-bench/schema'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newKey, rememberLedger, signEnvelope, trustKey } from '../signing/index.ts'
import { type Check, createReport } from './check.ts'
import { checkStart } from './check-start.ts'

const place = mkdtempSync(join(tmpdir(), 'check-start-'))
const digest = `sha256:${'1'.repeat(64)}`
const run = { runId: `run_${'1'.repeat(20)}`, specDigest: digest, seed: 1 }
const author = newKey('author')
const ledger = newKey('ledger')
const started = '2026-03-01T12:00:00.000Z'
const manifest = { ...run, timing: { startedAt: started } } as Manifest
let count = 0

beforeEach(() => vi.stubEnv('MATE_BENCH_CONFIG', join(place, `config${count++}`)))
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(place, { recursive: true }))

/** A ledger of one event, as anybody can make it. */
function register(key: string | null): void {
  const event = {
    ...{ kind: 'started' as const, version: 1 as const, ...run, experimentDigest: digest },
    ...{ at: started, key, registered: 'before-training' as const },
  }
  const head: TreeHead = { version: 1, treeSize: 1, rootHash: hashName(eventHash(event)), at: started }
  const envelope = signEnvelope(ledger, payloadTypes.treeHead, signedBytes(head))
  const registration = { index: 0, event, path: [], head, envelope }
  writeFileSync(join(place, companionFiles.registration.file), JSON.stringify(registration))
}

async function registration(signer: string | null | undefined): Promise<Check | undefined> {
  const checks: Check[] = []
  const onCheck = (check: Check) => checks.push(check)
  const report = createReport({ onBegin: () => {}, onCheck, onAlive: () => {} })
  await checkStart(place, { manifest, signer }, report)
  return checks.find(({ name }) => name === 'registration')
}

it('is a claim in a ledger that the user does not know, and holds in one that they do', async () => {
  register(author.keyId)
  expect(await registration(author.keyId)).toMatchObject({
    ...{ outcome: 'claimed', detail: expect.stringContaining('ledger check') },
  })
  trustKey(ledger.keyId, 'bench')
  expect(await registration(author.keyId)).toMatchObject({ outcome: 'passed' })
  vi.stubEnv('MATE_BENCH_CONFIG', join(place, 'known'))
  const head = { version: 1 as const, treeSize: 1, rootHash: digest, at: started }
  rememberLedger({ site: 'https://bench.example/', key: ledger.keyId, head })
  expect(await registration(author.keyId)).toMatchObject({ outcome: 'passed' })
})

it('is a claim where who signed the run signs for the ledger, too', async () => {
  trustKey(ledger.keyId, 'an author')
  register(ledger.keyId)
  expect(await registration(ledger.keyId)).toMatchObject({ outcome: 'claimed' })
})

it('is that of who signed the run', async () => {
  trustKey(ledger.keyId, 'bench')
  register(author.keyId)
  for (const signer of [newKey('eve').keyId, null]) {
    expect(await registration(signer)).toMatchObject({
      ...{ outcome: 'failed', detail: expect.stringContaining('registered by') },
    })
  }
  // What is said of the signature is said once.
  expect(await registration(undefined)).toMatchObject({ outcome: 'passed' })
  register(null)
  expect(await registration(author.keyId)).toMatchObject({ outcome: 'passed' })
})
