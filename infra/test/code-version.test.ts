import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeVersion } from '../code-version.ts'

const folder = mkdtempSync(join(tmpdir(), 'mate-bench-checkout-'))
const git = (...args: string[]) =>
  execFileSync(
    'git',
    [
      '-C',
      folder,
      '-c',
      'user.name=Ada',
      '-c',
      'user.email=ada@example.org',
      '-c',
      'commit.gpgsign=false',
      ...args,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  ).trim()
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)

beforeAll(() => {
  delete process.env.MATE_BENCH_COMMIT
  git('init', '--quiet')
  write('.gitignore', 'ignored\n')
  write('train.ts', 'one\n')
  git('add', '.')
  git('commit', '--quiet', '--message', 'First')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('names the commit, and is the same when nothing changed', () => {
  const version = codeVersion(folder)
  expect(version).toMatchObject({ commit: git('rev-parse', 'HEAD'), dirty: false })
  expect(version.tag).toMatch(/^[0-9a-f]{12}-[0-9a-f]{12}$/)
  write('ignored', 'by git')
  write('sst-env.d.ts', 'by SST, while it deploys')
  expect(codeVersion(folder)).toEqual(version)
})

it('says that files differ from the commit, with a tag for what they are, and leaves the index alone', () => {
  const { commit, tag } = codeVersion(folder)
  write('train.ts', 'two\n')
  const changed = codeVersion(folder)
  expect(changed).toMatchObject({ commit, dirty: true })
  write('new.ts', 'not added\n')
  const added = codeVersion(folder)
  write('new.ts', 'not added, and changed\n')
  expect(new Set([tag, changed.tag, added.tag, codeVersion(folder).tag]).size).toBe(4)
  expect(git('diff', '--cached', '--name-only')).toBe('')
})

it('has another tag on another base', () => {
  expect(codeVersion(folder, 'ubuntu:20.04').tag).not.toBe(codeVersion(folder).tag)
})

it('wants a checkout, or to be told', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'mate-bench-plain-'))
  expect(() => codeVersion(elsewhere)).toThrow()
  const commit = 'a'.repeat(40)
  expect(codeVersion(elsewhere, '', commit)).toMatchObject({ commit, dirty: null })
  rmSync(elsewhere, { recursive: true, force: true })
})
