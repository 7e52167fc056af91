import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { engines } from '../registry.ts'
import { pipArguments } from './pip-download.ts'

const pins = engines.flatMap((engine) => Object.values(engine.platforms).flatMap((build) => build.wheels))

function hasPip(): boolean {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('pipArguments', () => {
  it('names Python, ABI and every platform of a wheel', () => {
    const pin = { bytes: 1, sha256: '', take: [], version: '1.0' }
    const tensorflow = 'a_b-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl'
    expect(pipArguments({ ...pin, package: 'a-b', file: tensorflow }).join(' ')).toBe(
      'download --no-deps --only-binary=:all: --python-version 3.11 --implementation cp --abi cp311 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 a-b==1.0',
    )
    expect(
      pipArguments({ ...pin, package: 'c', file: 'c-1.0-py2.py3-none-win_amd64.whl' }).join(' '),
    ).toContain('--python-version 3.11 --implementation py --abi none --platform win_amd64 c==1.0')
  })

  // pip itself says whether it understands them: without an index it gets as far as looking for the wheel.
  it.skipIf(!hasPip()).each(pins.map((pin) => [pin.file, pin] as const))(
    'are such that pip takes them for %s',
    (_, pin) => {
      let said = ''
      try {
        execFileSync('python3', ['-m', 'pip', ...pipArguments(pin), '--no-index'], {
          encoding: 'utf8',
          stdio: ['ignore', 'ignore', 'pipe'],
          env: { ...process.env, PIP_CONFIG_FILE: '/dev/null', PIP_FIND_LINKS: '' },
        })
      } catch (thrown) {
        said = String((thrown as { stderr?: string }).stderr)
      }
      expect(said).toContain(`No matching distribution found for ${pin.package}==${pin.version}`)
    },
  )
})
