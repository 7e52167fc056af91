import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import { runSpec } from '@mate-bench/harness'
import { formatKey, newKey, signVerdict } from '@mate-bench/harness/signing'
import {
  buildNodes,
  digestExperiment,
  eventHash,
  hashName,
  openTreeHead,
  rangeRoot,
  verdictStatement,
  verifyVerdictSignature,
} from '@mate-bench/provenance'
import { ledgerEventSchema } from '@mate-bench/schema'
import { importStore, openArtifacts, recordStart, recordVerdict } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { importCheck, publishFolder } from '@mate-bench/worker'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { writeSnapshot } from '../../apps/cli/src/snapshot/write-snapshot.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const place = temporaryFolder()
const out = join(place, 'snapshot')
const key = newKey('the site')
let store: TestStore
let server: Server
let address: string
let checkedDigest: string

beforeAll(async () => {
  vi.stubEnv('MATE_BENCH_SIGNING_KEY', formatKey(key))
  store = await openTestStore()
  const artifacts = await openArtifacts(join(place, 'artifacts'), {})
  const spec = tinySpec()
  const { folder } = await runSpec({ spec, seed: 1, out: join(place, 'runs'), backend: 'wasm' })
  await publishFolder(store.db, artifacts, folder, { tier: 'recomputed' })
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const lost = {
    ...{ runId: `run_${'0'.repeat(20)}`, specDigest: manifest.specDigest, seed: 2 },
    experimentDigest: digestExperiment(manifest.spec),
  }
  await recordStart(store.db, lost, { key: null })
  const { runId, manifestDigest } = manifest
  checkedDigest = manifestDigest
  const envelope = signVerdict(key, {
    ...{ runId, manifestDigest, check: 're-evaluation', verdict: 'equal', manifests: [] },
  })
  await store.db.transaction((tx) =>
    recordVerdict(tx, {
      ...{ runId, check: 're-evaluation', verdict: 'equal', effect: 'raises', summary: '0.0001 nats off' },
      evidence: {
        ...{ check: 're-evaluation', images: 100, predictions: 400, otherClasses: 0 },
        ...{ largestDifference: 0.0001, tolerance: 0.001 },
      },
      ...{ cause: null, checker: 'ada', thirdParty: false, worker: 'w', manifest: null, submissionId: null },
      place: { backend: 'wasm', cpu: 'c', gpu: null, os: 'o', arch: 'x64', node: '22', commit: null },
      ...{ key: key.keyId, envelope },
    }),
  )
  await writeSnapshot(store.db, artifacts, out)
  server = createServer((request, response) => {
    try {
      const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname))
      response.end(readFileSync(join(out, path === '/' ? 'index.html' : path)))
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}, 120_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await new Promise((done) => server.close(done))
  await store.close()
})

const text = async (path: string) => await (await fetch(new URL(path, address))).text()
const hrefs = (page: string) => [...page.matchAll(/ href="([^"]+)"/g)].map(([, href = '']) => href)

describe('a snapshot, served by a plain file server', () => {
  it('has the board with its chart, and a page an entry', async () => {
    const index = await text('index.html')
    expect(index).toContain('<svg')
    expect(index).toMatch(/<a href="entries\/[^"]+\.html">tiny<\/a>/)
    const entry = hrefs(index).find((href) => href.startsWith('entries/')) ?? ''
    const page = await text(entry)
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(1)
    // The run that nobody heard of again is there to be seen.
    expect(page).toContain('2 runs started: 1 finished, 0 failed, 0 withdrawn, 1 not heard from since.')
  })

  it('has no link that leads nowhere, and none to elsewhere', async () => {
    const seen = new Set<string>()
    const visit = async (path: string) => {
      if (seen.has(path)) return
      seen.add(path)
      const url = new URL(path, address)
      expect(url.href.startsWith(address), path).toBe(true)
      const response = await fetch(url)
      expect(response.status, path).toBe(200)
      const body = await response.text()
      // The charts' own script stands in the page, and the page says that there is no other.
      expect(body).not.toMatch(/<script[^>]*\ssrc=/)
      if (!path.endsWith('.html')) return
      for (const href of hrefs(body)) {
        if (href.startsWith('data:') || href.startsWith('#')) continue
        await visit(new URL(href, url).href.slice(address.length))
      }
    }
    await visit('index.html')
    // Six files of the run, and the exports.
    expect([...seen].filter((path) => path.startsWith('data/artifacts/'))).toHaveLength(6)
    expect([...seen]).toEqual(expect.arrayContaining(['board.csv', 'board.json', 'ledger/events.jsonl']))
  })

  it('has the board as data, a row an exit and one for the ensemble', async () => {
    const [head, ...rows] = (await text('board.csv')).trimEnd().split('\r\n')
    expect(head).toMatch(/^dataset,track,rank,entry,/)
    expect(rows).toHaveLength(4)
    const json = JSON.parse(await text('board.json'))
    expect(json.tracks[0].entries[0].runs).toHaveLength(1)
    expect(JSON.stringify(json)).not.toContain(place)
  })

  it('has the ledger, whose events give the root that is signed', async () => {
    const lines = (await text('ledger/events.jsonl')).trimEnd().split('\n')
    const events = lines.map((line) => ledgerEventSchema.parse(JSON.parse(line).event))
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'finished', 'started'])
    const { head, envelope } = JSON.parse(await text('ledger/head.json'))
    const root = rangeRoot({ start: 0, end: events.length }, buildNodes(events.map(eventHash)))
    expect(hashName(root)).toBe(head.rootHash)
    expect(await openTreeHead(envelope)).toEqual({ keyId: key.keyId, head })
  })

  it('has how checks ended, on the page of the entry and whole with what was signed', async () => {
    const entry = hrefs(await text('index.html')).find((href) => href.startsWith('entries/')) ?? ''
    expect(await text(entry)).toContain('0.0001 nats off')
    expect(await text(entry)).toContain(key.keyId)
    const [verdict, ...others] = (await text('verdicts.jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(others).toEqual([])
    const statement = verdictStatement({ ...verdict, manifestDigest: checkedDigest, manifests: [] })
    expect(await verifyVerdictSignature(verdict.envelope, statement)).toBe(key.keyId)
  })

  it('can be imported, every run checked from its files', async () => {
    const target = await openTestStore()
    const imported = await importStore(target.db, join(out, 'data'), {
      artifactStore: await openArtifacts(join(place, 'imported'), {}),
      check: importCheck(),
    })
    expect(imported).toMatchObject({ artifacts: 6, unchecked: 0 })
    await target.close()
  }, 60_000)

  it('is of one moment: nothing is written into a folder that holds something', async () => {
    const artifacts = await openArtifacts(join(place, 'artifacts'), {})
    await expect(writeSnapshot(store.db, artifacts, out)).rejects.toMatchObject({ code: 'conflict' })
  })
})
