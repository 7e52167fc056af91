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

describe('a checkout whose commit git does not give', () => {
  const checkout = () => {
    const folder = mkdtempSync(join(tmpdir(), 'mate-bench-checkout-'))
    const who = ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org']
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...who, ...args], { stdio: 'pipe' })
    git('init', '--quiet')
    git('commit', '--quiet', '--allow-empty', '--message', 'First')
    return folder
  }

  // As in a container, where the files are those of a user outside of it.
  it.runIf(process.getuid?.() === 0)('is known all the same where it is another user’s', () => {
    const folder = checkout()
    execFileSync('chown', ['-R', '65534', folder])
    expect(() => execFileSync('git', ['-C', folder, 'status'], { stdio: 'pipe' })).toThrow(
      /dubious ownership/,
    )
    const warn = vi.fn()
    expect(describeCode(warn, folder)).toMatchObject({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      dirty: false,
    })
    expect(warn).not.toHaveBeenCalled()
    rmSync(folder, { recursive: true })
  })

  it('is told, with what git says or that there is none', () => {
    const folder = checkout()
    const warn = vi.fn()
    rmSync(join(folder, '.git', 'HEAD'))
    expect(describeCode(warn, folder).commit).toBeNull()
    expect(warn).toHaveBeenLastCalledWith(expect.stringContaining('not a git repository'))
    vi.stubEnv('PATH', '/nowhere')
    expect(describeCode(warn, folder).commit).toBeNull()
    expect(warn).toHaveBeenLastCalledWith(expect.stringContaining('ENOENT'))
    expect(warn).toHaveBeenCalledTimes(2)
    rmSync(folder, { recursive: true })
  })
})
