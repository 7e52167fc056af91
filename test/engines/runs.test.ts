import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BackendName, type BackendSettings, backendIdentity } from '@mate-bench/backends'
import { selfCheck } from '@mate-bench/harness/self-check'
import { digestBytes } from '@mate-bench/provenance'
import { describe, expect, it, vi } from 'vitest'
import { runPool } from '../../packages/harness/src/pool.ts'
import { runFolderPath } from '../../packages/harness/src/run-folder.ts'
import { describeResume } from '../support/describe-resume.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

/** Backends of engines that CPUs have. CI names those that must be here, so that skipping is a failure there. */
const backends: readonly BackendName[] = ['native', 'tensorflow']
const required = (process.env.MATE_BENCH_REQUIRE_BACKENDS ?? '').split(',')

/** Digest of the weights after a short run in a process of its own, and what its manifest says of the settings. */
async function train(backend: BackendName, settings: BackendSettings) {
  const out = temporaryFolder()
  const job = { label: 'tiny', spec: tinySpec(), seed: 1, out, backend, settings }
  const [result] = await runPool([job], { workers: 1 })
  if (!result?.folder) throw result?.error ?? new Error('no folder')
  const manifest = JSON.parse(readFileSync(join(result.folder, 'manifest.json'), 'utf8'))
  return {
    digest: digestBytes(readFileSync(join(result.folder, 'model.safetensors'))),
    environment: manifest.environment,
    deterministic: manifest.deterministic,
  }
}

describe.each(backends)('%s', (backend) => {
  const isHere = backendIdentity(backend) !== undefined
  it.skipIf(!required.includes(backend))('is installed', () => expect(isHere).toBe(true))

  describe.skipIf(!isHere)('where it is installed', () => {
    it('trains to the numbers of plain JavaScript', async () => {
      expect(await selfCheck(backend)).toMatchObject({ ok: true, sameBytes: true })
    })

    it('gives the same bytes for a setting, records the setting, and runs with another one', async () => {
      const [once, again, two, narrow] = [
        await train(backend, {}),
        await train(backend, {}),
        await train(backend, { threads: 2 }),
        await train(backend, { isa: 'sse41' }),
      ]
      expect(again.digest).toBe(once.digest)
      expect(once.environment).toMatchObject({
        threads: 1,
        backend: { name: backend, settings: { threads: 1 } },
      })
      expect(once.deterministic).toBe(true)
      expect(two.environment).toMatchObject({ threads: 2, backend: { settings: { threads: 2 } } })
      if (process.arch !== 'x64') return
      expect(narrow.environment.backend.settings).toMatchObject({ isa: 'sse41' })
      // Other instructions sum in another order: that the digest is another shows that the setting took hold.
      expect(narrow.digest).not.toBe(once.digest)
      expect((await train(backend, { isa: 'sse41' })).digest).toBe(narrow.digest)
    })

    it('is named where its library crashes', async () => {
      const out = temporaryFolder()
      const spec = tinySpec()
      let pid: number | undefined
      const job = { label: 'tiny', spec, seed: 1, out, backend, stepIntervalMilliseconds: 0 }
      const [result] = await runPool([job], {
        workers: 1,
        onEvent(_, { type }) {
          if (type !== 'step' || pid !== undefined) return
          const lock = readFileSync(`${runFolderPath(out, spec, 1)}.partial.lock`, 'utf8')
          pid = JSON.parse(lock).pid as number
          process.kill(pid, 'SIGSEGV')
        },
      })
      expect(result?.error).toMatchObject({
        message: expect.stringContaining(`(${pid}) was killed by SIGSEGV`),
        hint: expect.stringContaining(`backend '${backend}' crashed`),
      })
    })

    it('gives the same bytes whatever the environment asks of its library', async () => {
      const { digest } = await train(backend, {})
      const unwanted = {
        OMP_NUM_THREADS: '2',
        OMP_DYNAMIC: 'true',
        ONEDNN_MAX_CPU_ISA: 'SSE41',
        ONEDNN_CPU_ISA_HINTS: 'PREFER_YMM',
        ONEDNN_DEFAULT_FPMATH_MODE: 'BF16',
      }
      for (const [name, value] of Object.entries(unwanted)) vi.stubEnv(name, value)
      expect((await train(backend, {})).digest).toBe(digest)
      vi.unstubAllEnvs()
    })

    describeResume(backend)
  })
})
