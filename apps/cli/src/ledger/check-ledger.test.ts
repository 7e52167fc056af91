import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticRun, syntheticSpec } from '@mate-bench/harness/testing'
import { digestExperiment, eventHash, formatManifest, hashName } from '@mate-bench/provenance'
import { companionFiles, type LedgerEvent, type Manifest, type TreeHead } from '@mate-bench/schema'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { sayCheck } from './check-ledger.ts'

const place = mkdtempSync(join(tmpdir(), 'check-ledger-'))
const spec = syntheticSpec('registered')
const [first, second] = [1, 2].map((seed) => syntheticRun({ spec, seed, top1: [0.5, 0.6, 0.7] }).manifest)
const at = '2026-01-01T00:00:00.000Z'

/** The only event of the ledger. */
let event: LedgerEvent
const headOf = (): TreeHead => ({ version: 1, treeSize: 1, rootHash: hashName(eventHash(event)), at })
const server = createServer(({ url = '' }, response) => {
  const answers: Record<string, unknown> = {
    head: { head: headOf(), envelope: null },
    events: { data: [{ index: 0, event, evidence: null }], next: null },
    consistency: { path: [] },
  }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(answers[/ledger\/(\w+)/.exec(url)?.[1] ?? '']))
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  rmSync(place, { recursive: true })
})

let said = ''
let count = 0
beforeEach(() => {
  vi.stubEnv('MATE_BENCH_CONFIG', join(place, `config${count++}`))
  said = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
})

const startOf = (
  { runId, specDigest, seed }: Manifest,
  registered: 'before-training' | 'at-publication',
) => ({
  ...{ kind: 'started' as const, version: 1 as const, runId, specDigest, seed, at, key: null, registered },
  experimentDigest: digestExperiment(spec),
})

/** What `ledger check RUN` says of a run that has the registration of the ledger's event beside it. */
async function checked(run: Manifest | undefined): Promise<string> {
  if (!run) throw new RangeError('no run')
  const folder = join(place, `run${count++}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'manifest.json'), formatManifest(run))
  const registration = { index: 0, event, path: [], head: headOf(), envelope: null }
  writeFileSync(join(folder, companionFiles.registration.file), JSON.stringify(registration))
  await sayCheck([folder], { url, json: false })
  return said
}

it('takes a registration for that of the run that it was made for alone', async () => {
  event = startOf(first as Manifest, 'before-training')
  expect(await checked(first)).toMatch(/✓ run .*: event 0/)
  expect(process.exitCode).toBeUndefined()
  // The same proof, copied beside another run.
  expect(await checked(second)).toMatch(/✗ run .*is that of run_\w+, seed 1/)
  expect(process.exitCode).toBe(1)
})

it('passes no start that was told after training', async () => {
  event = startOf(first as Manifest, 'at-publication')
  expect(await checked(first)).toMatch(/✗ run .*not registered before training/)
})
