import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const bin = fileURLToPath(new URL('../bin/trainer.js', import.meta.url))

it('is a program that ends with 75 where its database is away, and whose only words are its own', () => {
  const work = mkdtempSync(join(tmpdir(), 'mate-bench-trainer-bin-'))
  onTestFinished(() => rmSync(work, { recursive: true, force: true }))
  const {
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _,
    POSTGRES_URL: __,
    ...environment
  } = process.env
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [bin, '--run', 'run_00000000000000000000', '--backend', 'wasm', '--work', work],
    {
      encoding: 'utf8',
      env: {
        ...environment,
        DATABASE_URL: 'postgres://ada:correct-horse@127.0.0.1:9/bench',
        MATE_BENCH_ARTIFACTS: 's3://bucket/artifacts',
        MATE_BENCH_CHECKPOINTS: 's3://bucket/checkpoints',
      },
    },
  )
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z The database cannot be reached: /)
  expect(stdout).not.toMatch(/correct-horse|select/)
  expect(status).toBe(75)
})
