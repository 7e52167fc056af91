import { describe, expect, it } from 'vitest'
import { settingsFromRecord } from './settings.ts'
import { fixTensorflowSettings } from './tensorflow/settings.ts'

describe('settingsFromRecord', () => {
  it('gives back what was recorded, and leaves out what cannot be asked for', () => {
    expect(settingsFromRecord(undefined)).toEqual({})
    expect(settingsFromRecord({ threads: 2, interOpThreads: 1, oneDnn: true, isa: 'avx2' })).toEqual({
      threads: 2,
      isa: 'avx2',
    })
    expect(settingsFromRecord({ threads: 1, deterministicOps: false, tf32: true })).toEqual({
      threads: 1,
      deterministicOps: false,
      tf32: true,
    })
    // Of a manifest that somebody wrote by hand.
    expect(settingsFromRecord({ threads: 0, isa: 'mmx', tf32: 'yes' })).toEqual({})
  })
})

describe('fixTensorflowSettings', () => {
  it('fixes threads, order of operations, oneDNN and instruction set before the library reads them', () => {
    const env: Record<string, string | undefined> = {
      TF_NUM_INTRAOP_THREADS: '64',
      TF_ENABLE_ONEDNN_OPTS: '0',
    }
    const fixed = fixTensorflowSettings({ threads: 2, isa: 'sse41' }, false, env)
    expect(env).toMatchObject({
      TF_NUM_INTRAOP_THREADS: '2',
      TF_NUM_INTEROP_THREADS: '1',
      OMP_NUM_THREADS: '2',
      TF_ENABLE_ONEDNN_OPTS: '1',
    })
    expect(fixed).toMatchObject({ threads: 2, interOpThreads: 1, oneDnn: true })
    expect(fixed).not.toHaveProperty('tf32')
  })

  it('is exact and repeatable on a GPU unless something else is asked for', () => {
    const env: Record<string, string | undefined> = {}
    expect(fixTensorflowSettings({}, true, env)).toMatchObject({ deterministicOps: true, tf32: false })
    expect(env).toMatchObject({ TF_DETERMINISTIC_OPS: '1', NVIDIA_TF32_OVERRIDE: '0' })
    fixTensorflowSettings({ deterministicOps: false, tf32: true }, true, env)
    expect(env).toMatchObject({ TF_DETERMINISTIC_OPS: '0', NVIDIA_TF32_OVERRIDE: '1' })
  })

  it('opens again as it was recorded', () => {
    const recorded = fixTensorflowSettings({ threads: 3, isa: 'avx' }, true, {})
    expect(fixTensorflowSettings(settingsFromRecord(recorded), true, {})).toEqual(recorded)
  })
})
