import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineDefinition, WheelPin } from './engine.ts'
import { installEngine, installedEngine, platformName, removeEngine } from './install.ts'
import { makeZip } from './testing/make-zip.ts'
import { servePackageIndex, type TestIndex } from './testing/package-index.ts'

const file = 'some_library-1.0-cp311-cp311-manylinux2014_x86_64.whl'
const bytes = makeZip({
  'some/lib/a.so': 'the library',
  'some/include/a.h': 'headers',
  'other/b': 'not wanted',
})

let folder: string
let index: TestIndex
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-engine-'))
  index = await servePackageIndex({ project: 'some-library', file, bytes })
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null')
  vi.stubEnv('PIP_INDEX_URL', index.url)
  vi.stubEnv('PIP_FIND_LINKS', undefined)
  vi.stubEnv('PIP_EXTRA_INDEX_URL', undefined)
  vi.stubEnv('MATE_BENCH_ENGINES', folder)
  vi.stubEnv('MATE_BENCH_ENGINE_TENSORFLOW', undefined)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await index.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A small engine under the name of a real one: a wheel with a library, and a step that builds something of it. */
function definition(recipeVersion = 1, more: Partial<EngineDefinition> = {}): EngineDefinition {
  const wheel: WheelPin = {
    package: 'some-library',
    version: '1.0',
    file,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    take: [{ from: 'some/lib/', to: 'lib/' }],
  }
  return {
    name: 'tensorflow',
    backend: 'tensorflow',
    version: '1.0',
    summary: 'a library',
    platforms: { [platformName()]: { wheels: [wheel], npm: [], unpackedBytes: 1000 } },
    libraries: { some: '1.0' },
    recipeVersion,
    assemble: async (at) =>
      writeFileSync(join(at, 'addon'), `built on ${readFileSync(join(at, 'lib', 'a.so'), 'utf8')}`),
    ...more,
  }
}

const fine = async () => {}
const home = () => join(folder, 'tensorflow')

describe('installEngine', () => {
  it('has what was asked for out of the wheel, what was built of it, and nothing else', async () => {
    const engine = await installEngine(definition(), { check: fine })
    expect(readdirSync(engine.folder).sort()).toEqual(['addon', 'engine.json', 'lib'])
    expect(readFileSync(join(engine.folder, 'addon'), 'utf8')).toBe('built on the library')
    expect(installedEngine('tensorflow')).toEqual(engine)
    expect(readdirSync(home()).sort()).toEqual([engine.manifest.id, 'current.json'])
    expect(readdirSync(join(folder, 'downloads'))).toEqual([])
  })

  it('is tried before it is switched on; where that fails the one of before stays', async () => {
    const before = await installEngine(definition(1), { check: fine })
    const failing = installEngine(definition(2), {
      check: async (at) => {
        expect(existsSync(join(at, 'addon'))).toBe(true)
        expect(installedEngine('tensorflow')).toEqual(before)
        throw new BenchError({ code: 'backend-unavailable', message: 'wrong numbers' })
      },
    })
    await expect(failing).rejects.toThrow('wrong numbers')
    expect(installedEngine('tensorflow')).toEqual(before)
    expect(readdirSync(home()).sort()).toEqual([before.manifest.id, 'current.json'])
    // What was downloaded is kept for the next attempt.
    expect(readdirSync(join(folder, 'downloads'))).toEqual([file])
  })

  it('takes the place of an older one, which goes', async () => {
    const older = await installEngine(definition(1), { check: fine })
    const newer = await installEngine(definition(2), { check: fine })
    expect(newer.manifest.id).not.toBe(older.manifest.id)
    expect(existsSync(older.folder)).toBe(false)
    expect(installedEngine('tensorflow')).toEqual(newer)
  })

  it('does not download again what is there, and tries it again', async () => {
    await installEngine(definition(), { check: fine })
    const asked = index.requests.length
    const check = vi.fn(fine)
    await installEngine(definition(), { check })
    expect(index.requests.length).toBe(asked)
    expect(check).toHaveBeenCalledOnce()
  })

  it('clears up after a process that was killed while it installed', async () => {
    await installEngine(definition(), { check: fine })
    mkdirSync(join(home(), '.staging-99999', 'lib'), { recursive: true })
    writeFileSync(join(home(), 'current.json.99999.tmp'), '{')
    await installEngine(definition(2), { check: fine })
    expect(readdirSync(home())).toHaveLength(2)
  })

  it('installs once where two do it at once', async () => {
    const check = vi.fn(fine)
    const [one, other] = await Promise.all([
      installEngine(definition(), { check }),
      installEngine(definition(), { check }),
    ])
    expect(one).toEqual(other)
    expect(index.requests.filter((request) => request.includes('/files/'))).toHaveLength(1)
  })

  it('leaves nothing where building fails, and says why', async () => {
    const broken = definition(1, {
      assemble: async () => {
        throw new BenchError({ code: 'backend-unavailable', message: 'no compiler' })
      },
    })
    await expect(installEngine(broken, { check: fine })).rejects.toThrow('no compiler')
    expect(installedEngine('tensorflow')).toBeUndefined()
    expect(readdirSync(home())).toEqual([])
  })

  it('asks for what it needs before it downloads', async () => {
    const wanting = definition(1, {
      require: () => {
        throw new BenchError({ code: 'backend-unavailable', message: 'no compiler' })
      },
    })
    await expect(installEngine(wanting, { check: fine })).rejects.toThrow('no compiler')
    const [platform, build] = Object.entries(definition().platforms)[0] ?? []
    const huge = definition(1, {
      platforms: { [platform ?? '']: { ...build, unpackedBytes: 1e18 } as never },
    })
    await expect(installEngine(huge, { check: fine })).rejects.toMatchObject({ code: 'storage' })
    expect(index.requests).toEqual([])
  })

  it('refuses a platform that no wheel was built for', async () => {
    await expect(installEngine(definition(1, { platforms: {} }), { check: fine })).rejects.toMatchObject({
      code: 'backend-unavailable',
      hint: expect.stringContaining('wasm'),
    })
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const stopped = installEngine(definition(), {
      signal: stop.signal,
      check: fine,
      onProgress: ({ phase }) => phase === 'downloading' && stop.abort(),
    })
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' })
    expect(installedEngine('tensorflow')).toBeUndefined()
  })
})

describe('installedEngine', () => {
  it('is undefined for a folder without a complete engine, whatever lies there', async () => {
    const { folder: at } = await installEngine(definition(), { check: fine })
    expect(installedEngine('tensorflow-gpu')).toBeUndefined()
    for (const text of ['', '{"id":"../../etc"}', '[]', '{"id":"9.9-none"}']) {
      writeFileSync(join(home(), 'current.json'), text)
      expect(installedEngine('tensorflow')).toBeUndefined()
    }
    expect(installedEngine('tensorflow', { MATE_BENCH_ENGINE_TENSORFLOW: at })?.folder).toBe(at)
    rmSync(join(at, 'engine.json'))
    expect(installedEngine('tensorflow', { MATE_BENCH_ENGINE_TENSORFLOW: at })).toBeUndefined()
  })
})

describe('removeEngine', () => {
  it('leaves nothing, and says whether there was anything', async () => {
    expect(await removeEngine(definition())).toBe(false)
    await installEngine(definition(), { check: fine })
    expect(await removeEngine(definition())).toBe(true)
    expect(installedEngine('tensorflow')).toBeUndefined()
    expect(readdirSync(home())).toEqual([])
  })
})
