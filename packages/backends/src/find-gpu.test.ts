import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findGpu } from './find-gpu.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-smi-'))
  vi.stubEnv('PATH', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** A program that answers the one question, as the driver's does. */
function smi(script: string): void {
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

describe.skipIf(process.platform === 'win32')('findGpu', () => {
  it('names the GPU and its driver', () => {
    smi(
      '[ "$1 $2" = "--query-gpu=name,driver_version --format=csv,noheader" ] && echo "Tesla T4, 570.133.20"',
    )
    expect(findGpu()).toEqual({ name: 'Tesla T4', driver: '570.133.20' })
  })

  it('takes the last of several, as the backend does', () => {
    smi('echo "Tesla T4, 570.133.20"; echo "NVIDIA A10G, 570.133.20"')
    expect(findGpu().name).toBe('NVIDIA A10G')
  })

  it.each([
    ['the program is not there', undefined],
    ['the driver does not answer', 'echo "NVIDIA-SMI has failed"; exit 9'],
    ['it says nothing', ':'],
  ])('goes on without where %s', (_, script) => {
    if (script !== undefined) smi(script)
    expect(findGpu()).toEqual({ name: 'an NVIDIA GPU' })
  })
})
