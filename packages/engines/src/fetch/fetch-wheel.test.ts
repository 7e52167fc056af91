import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WheelPin } from '../engine.ts'
import type { EngineProgress } from '../progress.ts'
import { makeZip } from '../testing/make-zip.ts'
import { servePackageIndex, type TestIndex } from '../testing/package-index.ts'
import { fetchWheel } from './fetch-wheel.ts'

const bytes = makeZip({ 'lib/a.so': 'a'.repeat(5000), 'lib/b.so': Buffer.from([...Array(4000).keys()]) })
const pin: WheelPin = {
  package: 'Some_Library',
  version: '1.0',
  file: 'some_library-1.0-cp311-cp311-manylinux2014_x86_64.whl',
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  take: [],
}

let folder: string
let index: TestIndex | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-wheel-'))
})
afterEach(async () => {
  await index?.close()
  index = undefined
  rmSync(folder, { recursive: true, force: true })
})

const { signal } = new AbortController()
const target = () => join(folder, 'downloads', pin.file)
/** No file of this machine's pip, and a PATH without pip. */
const environment = (more: Record<string, string> = {}) => ({ PIP_CONFIG_FILE: '/dev/null', ...more })

const onProgress = (progress: EngineProgress) => {
  if (progress.phase === 'downloading' && progress.bytes === 100) index?.breakTransfer()
}

async function fetchFrom(env: Record<string, string>, from?: string): Promise<string> {
  return fetchWheel(pin, {
    folder: join(folder, 'downloads'),
    from,
    signal,
    onProgress,
    env: environment(env),
  })
}

async function serve(options: Partial<Parameters<typeof servePackageIndex>[0]> = {}): Promise<string> {
  index = await servePackageIndex({ project: 'some-library', file: pin.file, bytes, ...options })
  return index.url
}

describe('fetchWheel', () => {
  it.each(['json', 'html'] as const)(
    'brings the pinned file from an index that answers in %s',
    async (format) => {
      const path = await fetchFrom({ PIP_INDEX_URL: await serve({ format }) })
      expect(path).toBe(target())
      expect(readFileSync(path).equals(bytes)).toBe(true)
      expect(index?.requests).toEqual(['GET /simple/some-library/', `GET /files/${pin.file}`])
    },
  )

  it('goes on where a transfer broke, within a call and in the next one', async () => {
    const url = await serve({ breakAfter: 100 })
    await fetchFrom({ PIP_INDEX_URL: url })
    expect(index?.requests.at(-1)).toBe(`GET /files/${pin.file} bytes=100-`)
    rmSync(target())
    writeFileSync(`${target()}.part`, bytes.subarray(0, 300))
    await fetchFrom({ PIP_INDEX_URL: url })
    expect(index?.requests.at(-1)).toBe(`GET /files/${pin.file} bytes=300-`)
    expect(readFileSync(target()).equals(bytes)).toBe(true)
  })

  it('refuses other bytes under the pinned name, and keeps none of them', async () => {
    const other = Buffer.from(bytes)
    other[40] = (other[40] ?? 0) ^ 1
    const thrown = await fetchFrom({ PIP_INDEX_URL: await serve({ bytes: other }) }).catch((e: unknown) => e)
    expect(thrown).toMatchObject({ code: 'checksum-mismatch', message: expect.stringContaining(pin.sha256) })
    expect(existsSync(target())).toBe(false)
    expect(existsSync(`${target()}.part`)).toBe(false)
  })

  it('asks the extra indexes, and says what each place answered', async () => {
    const url = await serve()
    const nowhere = url.replace('/simple', '/other')
    expect(await fetchFrom({ PIP_INDEX_URL: nowhere, PIP_EXTRA_INDEX_URL: url })).toBe(target())
    rmSync(target())
    await index?.close()
    index = await servePackageIndex({ project: 'x', file: 'x', bytes, status: 503 })
    const secret = index.url.replace('http://', 'http://ada:secret@')
    const thrown = await fetchFrom({ PIP_INDEX_URL: index.url, PIP_EXTRA_INDEX_URL: secret, PATH: '' }).catch(
      (e: unknown) => e,
    )
    expect(thrown).toMatchObject({ code: 'offline' })
    expect(String(thrown)).toContain('503')
    expect(String(thrown)).not.toContain('secret')
  })

  it('takes a file that is here, from --from before find-links, and asks nobody', async () => {
    const mine = join(folder, 'mine')
    mkdirSync(mine)
    writeFileSync(join(mine, pin.file), bytes)
    expect(await fetchFrom({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: mine })).toBe(target())
    rmSync(target())
    expect(await fetchFrom({ PIP_NO_INDEX: '1' }, mine)).toBe(target())
    expect(existsSync(join(mine, pin.file))).toBe(true)
    rmSync(target())
    writeFileSync(join(mine, pin.file), 'not a wheel')
    await expect(fetchFrom({ PIP_NO_INDEX: '1' }, mine)).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })
})
