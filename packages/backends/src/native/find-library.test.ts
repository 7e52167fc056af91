import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findLibrary } from './find-library.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-onednn-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** An engine's folder as `mate-bench engine add` leaves it, with empty libraries. */
function engine(...libraries: string[]): string {
  const at = join(folder, 'engine')
  mkdirSync(join(at, 'lib'), { recursive: true })
  for (const name of libraries) writeFileSync(join(at, 'lib', name), '')
  const manifest = { schemaVersion: 1, name: 'onednn', id: '3.2.0-here', version: '3.2.0', platform: 'here' }
  writeFileSync(
    join(at, 'engine.json'),
    JSON.stringify({ ...manifest, libraries: {}, installedAt: '2026-01-01T00:00:00Z' }),
  )
  return at
}

describe('findLibrary', () => {
  it('takes the file that the variable names and looks nowhere else, even where there is none', () => {
    const own = join(folder, 'libmine.so')
    expect(findLibrary({ MATE_BENCH_ONEDNN: own }, 'linux')).toMatchObject({ path: own })
  })

  it('takes the engine that is being tried before all others', () => {
    const at = engine('libdnnl.so.3')
    const env = { MATE_BENCH_ENGINE_ONEDNN: at, MATE_BENCH_ONEDNN: join(folder, 'libmine.so') }
    expect(findLibrary(env, 'linux')).toEqual({
      path: join(at, 'lib', 'libdnnl.so.3'),
      before: [],
      origin: 'engine 3.2.0-here',
    })
  })

  it("loads Intel's OpenMP before the library where the engine brings it", () => {
    const at = engine('libdnnl.3.dylib', 'libiomp5.dylib')
    expect(findLibrary({ MATE_BENCH_ENGINE_ONEDNN: at }, 'darwin')).toMatchObject({
      path: join(at, 'lib', 'libdnnl.3.dylib'),
      before: [join(at, 'lib', 'libiomp5.dylib')],
    })
  })

  it('finds a conda environment, the newest version first', () => {
    mkdirSync(join(folder, 'lib'))
    const env = { CONDA_PREFIX: folder, MATE_BENCH_ENGINES: join(folder, 'none') }
    writeFileSync(join(folder, 'lib', 'libdnnl.so.2'), '')
    const old = findLibrary(env, 'linux')
    writeFileSync(join(folder, 'lib', 'libdnnl.so.3'), '')
    expect(findLibrary(env, 'linux')?.path).toBe(join(folder, 'lib', 'libdnnl.so.3'))
    // Unless the machine has version 3 of its own.
    if (!old?.path.endsWith('.3')) expect(old?.path).toBe(join(folder, 'lib', 'libdnnl.so.2'))
  })

  it('has nothing to say where there is none', () => {
    expect(findLibrary({ MATE_BENCH_ENGINES: folder }, 'win32')).toBeUndefined()
    expect(findLibrary({ MATE_BENCH_ENGINE_ONEDNN: engine() }, 'linux')).toBeUndefined()
  })
})
