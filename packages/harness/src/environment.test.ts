import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { describeCode } from './environment.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'

describe('describeCode in an image, where there is no git', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each([
    ['false', false],
    ['true', true],
    ['', null],
  ])('takes the commit, and whether it is all, from the build (%s)', (stated, dirty) => {
    vi.stubEnv('PATH', '/nowhere')
    vi.stubEnv('MATE_BENCH_COMMIT', commit)
    vi.stubEnv('MATE_BENCH_DIRTY', stated)
    expect(describeCode()).toMatchObject({ commit, dirty })
  })

  it('knows nothing where the build did not say', () => {
    vi.stubEnv('PATH', '/nowhere')
    vi.stubEnv('MATE_BENCH_COMMIT', '')
    expect(describeCode()).toMatchObject({ commit: null, dirty: null })
  })
})

it('is dirty in a checkout where a file of it was changed, not where something else lies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-checkout-'))
  const who = ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org']
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...who, ...args], { stdio: 'pipe' })
  try {
    git('init', '--quiet')
    writeFileSync(join(folder, 'train.ts'), 'one\n')
    git('add', '.')
    git('commit', '--quiet', '--message', 'First')
    writeFileSync(join(folder, 'metrics.jsonl'), '{}\n')
    expect(describeCode(undefined, folder)).toMatchObject({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      dirty: false,
    })
    writeFileSync(join(folder, 'train.ts'), 'two\n')
    expect(describeCode(undefined, folder).dirty).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
