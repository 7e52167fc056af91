import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runSpec } from '@mate-bench/harness'
import { sealManifest } from '@mate-bench/harness/manifest'
import { readManifest } from '@mate-bench/harness/read-manifest'
import { formatKey, newKey } from '@mate-bench/harness/signing'
import type { Manifest } from '@mate-bench/schema'
import { publishFolder } from '@mate-bench/worker'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Served, serve } from '../../apps/web/src/api/testing/serve.ts'
import { openTestApi, type TestApi } from '../../apps/web/src/api/testing/test-api.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const program = fileURLToPath(new URL('../../apps/cli/bin/mate-bench.js', import.meta.url))

// Starts the real program: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 180_000 })

const place = temporaryFolder()
let api: TestApi
let server: Served
let manifest: Manifest

beforeAll(async () => {
  api = await openTestApi()
  server = await serve(api.app)
  const { folder } = await runSpec({ spec: tinySpec(), seed: 1, out: join(place, 'runs'), backend: 'wasm' })
  await publishFolder(api.store.db, api.artifacts, folder, { tier: 'recomputed' })
  manifest = readManifest(folder).manifest
})
afterAll(async () => {
  await server?.close()
  await api?.close()
})

function reproduce(...args: string[]) {
  return reproduceWith({}, ...args)
}

function reproduceWith(own: Record<string, string>, ...args: string[]) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const env = { ...process.env, NO_COLOR: '1', ...own }
    execFile(process.execPath, [program, 'reproduce', ...args], { env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    )
  })
}

/** A site that answers everything with one text. */
async function siteSaying(text: string, status = 200): Promise<Served> {
  const site = createServer((_, answer) => answer.writeHead(status).end(text))
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(site.address() as AddressInfo).port}`,
    close: () => new Promise((done) => site.close(() => done())),
  }
}

describe('mate-bench reproduce', () => {
  it('trains a published run again and finds the same bytes', async () => {
    const out = join(place, 'again')
    const first = await reproduce(`${server.url}/runs/${manifest.runId}`, '--out', out)
    expect(first.code, first.stderr).toBe(0)
    expect(first.stdout).toContain('tiny, seed 1')
    expect(first.stdout).toMatch(/the same here: .*lockfile, backend/)
    expect(first.stdout).toMatch(/✓ Identical: .*the same bytes, all \d+ numbers equal/)
    const predictions = manifest.artifacts.find(({ role }) => role === 'predictions')?.sha256 ?? ''
    expect(first.stdout).toContain(predictions.slice(0, 16))

    const second = await reproduce(manifest.runId, '--url', server.url, '--out', out)
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('--out')])
  })

  it('publishes the verdict, signed with the user’s key, and says why it is no third party’s', async () => {
    const key = newKey('eve')
    const own = {
      MATE_BENCH_TOKEN: await api.token(['submit'], { owner: 'eve' }),
      MATE_BENCH_SIGNING_KEY: formatKey(key),
    }
    const page = `${server.url}/runs/${manifest.runId}`
    const sent = await reproduceWith(own, page, '--out', join(place, 'sent'), '--publish')
    expect(sent.code, sent.stderr).toBe(0)
    expect(sent.stdout).toMatch(/Published as verdict_[0-9a-f]{20}: identical/)
    // It was published from a folder, without a key.
    expect(sent.stdout).toContain("Not a third party's: the site does not know who made the run")
    const [, id] = /(verdict_[0-9a-f]{20})/.exec(sent.stdout) ?? []
    const verdict = await (await api.request(`/verdicts/${id}`)).json()
    expect(verdict).toMatchObject({
      key: key.keyId,
      standing: 'maker-unknown',
      thirdParty: false,
      effect: 'none',
    })
    // The ledger was told before it trained, and of its end.
    const { events } = await (await api.request(`/ledger/runs/${verdict.manifest.runId}`)).json()
    expect(events).toMatchObject([
      { event: { kind: 'started', key: key.keyId, registered: 'before-training' } },
      { event: { kind: 'finished' } },
    ])
  })

  it('shows number by number what a tampered manifest says otherwise, with exit code 1', async () => {
    const boast = structuredClone(manifest)
    const [exit] = boast.results.exits
    if (exit) exit.top1 = 0.99
    const { manifestDigest: _, ...content } = boast
    const site = await siteSaying(JSON.stringify(sealManifest(content)))
    const { code, stdout } = await reproduce(manifest.runId, '--url', site.url, '--out', join(place, 'boast'))
    await site.close()
    expect(code).toBe(1)
    expect(stdout).toMatch(/exit 1 +top1 +0\.990000 +0\.\d{6} +−0\.\d{6}/)
    expect(stdout).toContain('✗ Inconsistent: ')
    expect(stdout).toContain('the published numbers are not theirs')
  })

  it('trains nothing for a manifest that does not hold, and asks for a run that is there', async () => {
    const changed = { ...manifest, seed: 2 }
    const site = await siteSaying(JSON.stringify(changed))
    const endless = await siteSaying(`"${'x'.repeat(21_000_000)}"`)
    const missing = 'run_00000000000000000000'
    const [forged, huge, unknown] = await Promise.all([
      reproduce(manifest.runId, '--url', site.url),
      reproduce(manifest.runId, '--url', endless.url),
      reproduce(missing, '--url', server.url),
    ])
    await Promise.all([site.close(), endless.close()])
    expect([forged.code, forged.stderr]).toEqual([1, expect.stringContaining('Nothing was trained')])
    expect([huge.code, huge.stderr]).toEqual([2, expect.stringContaining('larger than any manifest')])
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining(missing)])
  })
})
