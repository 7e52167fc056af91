import { join } from 'node:path'
import { runSpec } from '@mate-bench/harness'
import { embeddedStatus, stopEmbedded } from '@mate-bench/store'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { publishAndServe } from '../../apps/cli/src/publish-and-serve.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

/** The second half of the quickstart, with a database of its own. */

const place = temporaryFolder()
let folder: string

beforeAll(async () => {
  vi.stubEnv('DATABASE_URL', '')
  vi.stubEnv('POSTGRES_URL', '')
  vi.stubEnv('MATE_BENCH_DB', join(place, 'postgres'))
  vi.stubEnv('MATE_BENCH_ARTIFACTS', join(place, 'artifacts'))
  folder = (await runSpec({ spec: tinySpec(), seed: 1, out: join(place, 'runs'), backend: 'wasm' })).folder
})
afterAll(async () => {
  await stopEmbedded()
  vi.unstubAllEnvs()
})

/** Runs it, and gives `signal` when it says something that matches. */
async function interruptedAt(said: RegExp, signal: 'SIGINT' | 'SIGHUP') {
  const lines: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text))
    if (said.test(String(text))) process.emit(signal)
    return true
  })
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  try {
    await publishAndServe([folder], { serve: true, port: 3000, results: false, next: 'Next:', say })
    return { lines }
  } catch (thrown) {
    return { lines, thrown }
  } finally {
    write.mockRestore()
  }
}

it('stops the database that it started when it is interrupted before it serves', async () => {
  const seeding = await interruptedAt(/numbers of \d+ papers/, 'SIGINT')
  expect(seeding.thrown).toMatchObject({ code: 'interrupted' })
  expect(seeding.lines.join('')).not.toContain('published')
  expect(embeddedStatus()).toMatchObject({ exists: true, running: false })

  // The last run is in by then: there is nothing left but the site, which is not begun.
  const publishing = await interruptedAt(/1 run in/, 'SIGHUP')
  expect(publishing.thrown).toBeUndefined()
  expect(publishing.lines.join('')).not.toMatch(/Building the site|http:/)
  expect(embeddedStatus().running).toBe(false)
})
