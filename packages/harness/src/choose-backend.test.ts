import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backendIdentity } from '@mate-bench/backends'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseBackend } from './choose-backend.ts'
import { type SelfCheck, selfCheck } from './self-check/self-check.ts'

vi.mock('./self-check/self-check.ts', async (load) => {
  const real = await load<typeof import('./self-check/self-check.ts')>()
  return { ...real, selfCheck: vi.fn(real.selfCheck) }
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-choice-'))
  vi.stubEnv('MATE_BENCH_ENGINES', folder)
  // In place of a oneDNN that the system may have.
  vi.stubEnv('MATE_BENCH_ONEDNN', join(folder, 'no-library.so'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.mocked(selfCheck).mockReset()
  rmSync(folder, { recursive: true, force: true })
})

/** An engine that is installed, and whose library is no library. */
function installBroken(): void {
  const id = '0.0-broken'
  const at = join(folder, 'tensorflow', id)
  mkdirSync(join(at, 'tfjs-node'), { recursive: true })
  mkdirSync(join(at, 'addon'))
  writeFileSync(join(at, 'tfjs-node', 'package.json'), '{}')
  writeFileSync(join(at, 'addon', 'tfjs_binding.node'), 'no library')
  const manifest = {
    schemaVersion: 1,
    name: 'tensorflow',
    id,
    version: '0.0',
    platform: 'here',
    libraries: {},
    installedAt: '',
  }
  writeFileSync(join(at, 'engine.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'tensorflow', 'current.json'), JSON.stringify({ id }))
}

/** A WebGPU engine that is on, and what its self-check found on this machine. */
function installWebgpu(verdict: object): void {
  const id = '0.6.2-here'
  const at = join(folder, 'webgpu', id)
  mkdirSync(at, { recursive: true })
  const manifest = {
    schemaVersion: 1,
    name: 'webgpu',
    id,
    version: '0.6.2',
    platform: 'here',
    libraries: {},
    installedAt: '',
  }
  writeFileSync(join(at, 'engine.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'webgpu', 'current.json'), JSON.stringify({ id }))
  vi.mocked(selfCheck).mockImplementation(async (backend) =>
    backend === 'webgpu' ? (verdict as SelfCheck) : { ok: false, reason: 'not in this test' },
  )
}

const gpu = {
  vendor: 'apple',
  architecture: 'common-3',
  device: 'apple-m2',
  driver: 'Metal',
  software: false,
}
const passed = { ok: true, largestError: 1e-7, sameBytes: true }

describe('chooseBackend', () => {
  it('takes a GPU by WebGPU that passes the check, and asks once', async () => {
    installWebgpu({ ...passed, adapter: gpu })
    expect(await chooseBackend('auto')).toMatchObject({ name: 'webgpu', failing: [] })
    expect(await chooseBackend('auto')).toMatchObject({ name: 'webgpu', failing: [] })
    expect(selfCheck).toHaveBeenCalledTimes(1)
  })

  it('never takes one that is computed by the processor, however right its numbers are', async () => {
    installWebgpu({ ...passed, adapter: { ...gpu, architecture: 'swiftshader', software: true } })
    const { name, reason, failing } = await chooseBackend('auto')
    expect(name).toBe('wasm')
    expect(reason).toContain('webgpu: there is no GPU but swiftshader, which computes on the processor')
    expect(failing.join()).not.toContain('webgpu')
  })

  it('leaves alone what was asked for by name', async () => {
    expect(await chooseBackend('cpu')).toEqual({ name: 'cpu', reason: 'asked for by name', failing: [] })
  })

  // A package that somebody installed beside the project would be taken, and tested elsewhere.
  it.skipIf(backendIdentity('tensorflow') !== undefined)(
    'takes wasm where nothing is installed',
    async () => {
      const { name, reason } = await chooseBackend('auto')
      expect(name).toBe('wasm')
      expect(reason).toContain('tensorflow: not installed')
    },
  )

  it('passes over an engine that does not train, says why, and remembers it', async () => {
    installBroken()
    const onChecking = vi.fn()
    const first = await chooseBackend('auto', { onChecking })
    expect(first.name).toBe('wasm')
    expect(first.reason).toMatch(/tensorflow: Backend 'tensorflow' can't be used here: /)
    expect(first.failing.map((why) => why.split(':', 1).join())).toEqual(['native', 'tensorflow'])
    expect(onChecking.mock.calls).toEqual([['native'], ['tensorflow']])
    expect(await chooseBackend('auto', { onChecking })).toEqual(first)
    expect(onChecking).toHaveBeenCalledTimes(2)
  }, 60_000)
})
