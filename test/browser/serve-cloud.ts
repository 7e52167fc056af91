/**
 * The site with AWS Batch behind it, all on this machine, for the browser tests (test/support/cloud.ts). The first job
 * loses its machine as soon as it has a checkpoint elsewhere.
 *
 *   tsx test/browser/serve-cloud.ts PORT
 *
 * Ends with SIGTERM.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createToken } from '@mate-bench/store'
import { openTestStore } from '@mate-bench/store/testing'
import { type Cloud, startCloud } from '../support/cloud.ts'
import { cloudTokenFile } from './site-token.ts'

const [port = '4318'] = process.argv.slice(2)
const root = fileURLToPath(new URL('../..', import.meta.url))
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())

const store = await openTestStore('embedded')
const scopes = ['submit', 'approve'] as const
const expiresAt = new Date(Date.now() + 3_600_000)
const { token } = await createToken(store.db, {
  name: 'browser',
  owner: 'ada',
  scopes: [...scopes],
  expiresAt,
})
mkdirSync(dirname(cloudTokenFile), { recursive: true })
writeFileSync(cloudTokenFile, JSON.stringify({ token }))
const cloud = await startCloud(store.url)
const site = spawn(process.execPath, [`${root}/apps/cli/bin/mate-bench.js`, 'serve', '--port', port], {
  cwd: root,
  env: { ...process.env, ...cloud.environment, MATE_BENCH_URL: `http://localhost:${port}` },
  stdio: ['ignore', 'inherit', 'inherit'],
})
stop.signal.addEventListener('abort', () => site.kill('SIGTERM'))
try {
  takeMachineAway(cloud).catch((thrown: unknown) => console.error(thrown))
  await once(site, 'close')
} finally {
  stop.abort()
  rmSync(cloudTokenFile, { force: true })
  await cloud.close()
  await store.close()
}

async function takeMachineAway({ keys, batch }: Cloud): Promise<void> {
  while (!stop.signal.aborted) {
    const [jobId] = batch.jobIds
    const kept = await keys('checkpoints/')
    if (jobId !== undefined && kept.some((key) => key.endsWith('checkpoint.json'))) {
      batch.reclaim(jobId)
      return
    }
    await sleep(100)
  }
}
