import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publishRun } from '@mate-bench/store'
import { syntheticRun } from '@mate-bench/store/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import { describedApi } from './described-api.ts'
import { generateClient } from './testing/generate-client.ts'
import { type Served, serve } from './testing/serve.ts'
import { openTestApi, type TestApi } from './testing/test-api.ts'

const document = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../openapi.json', import.meta.url)), 'utf8'),
)

describe('openapi.json', () => {
  it('is what the routes say', () => {
    expect(document, 'run `npm run openapi`').toEqual(JSON.parse(JSON.stringify(describedApi())))
  })

  it('describes each operation, its answer and its problems', () => {
    expect(document.openapi).toBe('3.1.0')
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path as object))
    expect(operations.length).toBeGreaterThan(20)
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { summary, responses, operationId, security } of operations) {
      expect(summary, operationId).toMatch(/\w/)
      for (const [status, { content }] of Object.entries<{ content?: object }>(responses)) {
        const types = Object.keys(content ?? {})
        // A redirection has a place and no body.
        if (status === '308') expect(types, operationId).toEqual([])
        else if (Number(status) >= 400) expect(types, operationId).toEqual(['application/problem+json'])
        else expect(types.length, operationId).toBeGreaterThan(0)
      }
      if (security)
        expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(['401', '403', '429']))
    }
  })

  it('names no schema that it does not hold', () => {
    const names = Object.keys(document.components.schemas)
    const used = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1],
    )
    expect(used.length).toBeGreaterThan(0)
    for (const name of used) expect(names).toContain(name)
  })
})

describe('a client that is generated from openapi.json', () => {
  let api: TestApi
  let server: Served
  let folder: string
  beforeAll(async () => {
    api = await openTestApi()
    server = await serve(api.app)
    await publishRun(api.store.db, api.artifacts, syntheticRun({ name: 'for-the-client' }), {
      tier: 'reported',
    })
    folder = mkdtempSync(join(tmpdir(), 'mate-bench-client-'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'client.ts'), generateClient(document))
    writeFileSync(join(folder, 'use.ts'), use)
    writeFileSync(join(folder, 'misuse.ts'), misuse)
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2022',
      module: 'preserve',
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: [],
      allowImportingTsExtensions: true,
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await server?.close()
    await api?.close()
  })

  it('has types: what is right compiles, and each mistake is one error', async () => {
    const { stdout } = await run(root('node_modules/typescript/bin/tsc'), ['-p', folder])
    const errors = stdout.split('\n').filter((line) => line.includes('error TS'))
    expect(
      errors.map((line) => /(\w+)\.ts\((\d+),/.exec(line)?.slice(1)),
      stdout,
    ).toEqual(
      misuse.split('\n').flatMap((line, i) => (/ \/\/ /.test(line) ? [['misuse', String(i + 1)]] : [])),
    )
  })

  it('reads, submits, and is told what is wrong', async () => {
    const { stdout, stderr } = await run('--import', ['tsx', join(folder, 'use.ts')], {
      API_URL: server.url,
      API_TOKEN: await api.token(['submit']),
      SPEC: JSON.stringify(tinySpec()),
    })
    expect(JSON.parse(stdout || stderr)).toEqual({
      entries: ['for-the-client'],
      last: { k: 3, n: 1 },
      runs: 1,
      manifest: 'for-the-client',
      state: 'submitted',
      same: true,
      problem: { code: 'bad-spec', status: 422 },
      forbidden: 403,
    })
  })
})

/** What somebody might write with the client. */
const use = `
import { ApiProblem, createClient, type Problem } from './client.ts'

declare const process: { env: Record<string, string | undefined> }
const client = createClient(process.env.API_URL ?? '', process.env.API_TOKEN ?? '')
const spec = JSON.parse(process.env.SPEC ?? '')
const problemOf = (work: Promise<unknown>): Promise<Problem | undefined> =>
  work.then(() => undefined, (error: unknown) => (error instanceof ApiProblem ? error.problem : undefined))

const { data: entries } = await client.listEntries({ query: { limit: 10 } })
const entry = await client.getEntry({ path: { id: entries[0]?.id ?? '' } })
const runs = await client.listRuns()
const manifest = await client.getRunManifest({ path: { id: entry.runIds[0] ?? '' } })
const submission = await client.submitSpec({ body: spec, header: { 'idempotency-key': 'one' } })
const again = await client.getSubmission({ path: { id: submission.id } })
const problem = await problemOf(client.submitSpec({ body: { ...spec, seeds: [] } }))
const forbidden = await problemOf(client.approveSubmission({ path: { id: submission.id } }))
const last = entry.exits.at(-1)
console.log(JSON.stringify({
  entries: entries.map(({ name }) => name),
  last: { k: last?.k, n: last?.top1.n },
  runs: runs.data.length,
  manifest: manifest.spec.name,
  state: again.state,
  same: again.specDigest === submission.specDigest,
  problem: { code: problem?.code, status: problem?.status },
  forbidden: forbidden?.status,
}))
`

/** Every commented line is one mistake. */
const misuse = `
import { createClient } from './client.ts'
const client = createClient('http://localhost', 'token')
export const a = client.listEntries({ query: { limit: 'ten' } }) // not a number
export const b = client.getRun({ path: {} }) // no id
export const c = client.submitSpec({ body: { name: 1 } }) // not a spec
export const d = (await client.listRuns()).data[0]?.accuracy // no such member
export const e = (await client.getSubmission({ path: { id: 'x' } })).state === 'done' // no such state
`

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))

function run(file: string, args: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [file, ...args],
      { env: { ...process.env, ...env }, cwd: root('.') },
      (_, stdout, stderr) => resolve({ stdout, stderr }),
    )
  })
}
