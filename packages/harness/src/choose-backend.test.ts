import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backendIdentity } from '@mate-bench/backends'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseBackend } from './choose-backend.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-choice-'))
  vi.stubEnv('MATE_BENCH_ENGINES', folder)
  // In place of a oneDNN that the system may have.
  vi.stubEnv('MATE_BENCH_ONEDNN', join(folder, 'no-library.so'))
})
afterEach(() => {
  vi.unstubAllEnvs()
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

describe('chooseBackend', () => {
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
