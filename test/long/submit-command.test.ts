import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Served, serve } from '../../apps/web/src/api/testing/serve.ts'
import { openTestApi, type TestApi } from '../../apps/web/src/api/testing/test-api.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const program = fileURLToPath(new URL('../../apps/cli/bin/mate-bench.js', import.meta.url))

// Starts the real program: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 180_000 })

let api: TestApi
let server: Served
let specFile: string
beforeAll(async () => {
  api = await openTestApi({ clock: () => new Date() })
  server = await serve(api.app)
  specFile = join(temporaryFolder(), 'tiny.json')
  writeFileSync(specFile, JSON.stringify(tinySpec()))
})
afterAll(async () => {
  await server?.close()
  await api?.close()
})

function bench(args: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: { ...process.env, DATABASE_URL: api.store.url, NO_COLOR: '1', ...env } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    )
  })
}

it('makes a token that submits a spec, and revokes it', async () => {
  const made = await bench(['token', 'create', '--owner', 'ada', '--scope', 'submit,approve'])
  expect(made.code, made.stderr).toBe(0)
  const token = made.stdout.trim()
  expect(token).toMatch(/^mb_[0-9a-f]{12}_[\w-]{43}$/)
  expect(made.stderr).toContain('shown this once')

  const sent = await bench(['submit', specFile, '--url', server.url, '--approve', '--json'], {
    MATE_BENCH_TOKEN: token,
  })
  expect(sent.code, sent.stderr).toBe(0)
  const submission = JSON.parse(sent.stdout)
  expect(submission).toMatchObject({ state: 'approved', submitter: 'ada' })
  expect(await (await api.request(`/submissions/${submission.id}`)).json()).toMatchObject({
    state: 'approved',
  })

  const again = await bench(['submit', specFile, '--url', server.url], { MATE_BENCH_TOKEN: token })
  expect(again.code, again.stderr).toBe(0)
  expect(again.stdout).toContain('The same spec is there already (approved): ')
  expect(again.stdout).toContain(`/submissions/${submission.id}`)

  const listed = await bench(['token', 'list', '--json'])
  const [, id = ''] = token.split('_')
  expect(JSON.parse(listed.stdout).tokens).toMatchObject([
    { id, owner: 'ada', scopes: ['submit', 'approve'] },
  ])
  expect(listed.stdout).not.toContain(token.split('_')[2])

  expect((await bench(['token', 'revoke', id])).code).toBe(0)
  expect((await bench(['token', 'revoke', id])).code).toBe(2)
  const refused = await bench(['submit', specFile, '--url', server.url], { MATE_BENCH_TOKEN: token })
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('revoked')
  expect(refused.stderr + refused.stdout).not.toContain(token)
})

it('checks the spec before it sends it, and asks for a token', async () => {
  const bad = join(temporaryFolder(), 'bad.json')
  writeFileSync(bad, JSON.stringify({ ...tinySpec(), seeds: [] }))
  // Nothing listens there: a request would fail otherwise.
  const [wrong, without] = await Promise.all([
    bench(['submit', bad, '--url', 'http://127.0.0.1:9', '--token', 'x']),
    bench(['submit', specFile, '--url', 'http://127.0.0.1:9'], { MATE_BENCH_TOKEN: '' }),
  ])
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('seeds')])
  expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('MATE_BENCH_TOKEN')])
})
