import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { backendIdentity } from './identity.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-identity-'))
  vi.stubEnv('MATE_BENCH_ENGINES', folder)
  vi.stubEnv('MATE_BENCH_ENGINE_TENSORFLOW', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const absent = () => {
  throw new Error('MODULE_NOT_FOUND')
}

describe('backendIdentity', () => {
  it('has nothing to say of a backend that is not installed', () => {
    expect(backendIdentity('tensorflow', absent)).toBeUndefined()
    expect(backendIdentity('tensorflow-gpu', absent)).toBeUndefined()
    expect(backendIdentity('wasm', absent)).toBe('wasm')
  })

  it('finds a package that was installed with npm', () => {
    const file = fileURLToPath(import.meta.url)
    expect(backendIdentity('tensorflow', () => file)).toContain(file)
  })
})
