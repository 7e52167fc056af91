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
