import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isBuildStale } from './site-build.ts'

/** Files of a project that was written at 1000 s and built from 2000 s on. */
const written = [
  'apps/web/src/app/page.tsx',
  'apps/web/next.config.ts',
  'packages/store/src/deep/inside.ts',
  'package-lock.json',
  'docs/site.md',
]
const built = ['apps/web/.next/BUILD_ID', 'apps/web/.next/export-marker.json']

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-build-'))
  for (const file of written) write(file, 1000)
  for (const file of built) write(file, 2000)
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(file: string, seconds: number): void {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  utimesSync(path, seconds, seconds)
}

describe('isBuildStale', () => {
  it('is content with a build that is newer than its sources, whatever changed elsewhere', () => {
    expect(isBuildStale(folder)).toBe(false)
    write('docs/site.md', 3000)
    expect(isBuildStale(folder)).toBe(false)
  })

  it.each(['apps/web/src/app/page.tsx', 'packages/store/src/deep/inside.ts', 'package-lock.json'])(
    'sees that %s changed',
    (file) => {
      write(file, 3000)
      expect(isBuildStale(folder)).toBe(true)
    },
  )

  it.each(built)('misses %s: there is no build, or it broke off', (file) => {
    rmSync(join(folder, file))
    expect(isBuildStale(folder)).toBe(true)
  })
})
