import { describe, expect, it } from 'vitest'
import { entryEvidence, tierEvidence } from './tier-evidence.ts'

const verdict = {
  runId: 'run_1',
  check: 're-evaluation',
  effect: 'raises',
  ruling: null,
  summary: 'the weights give the predictions',
  thirdParty: false,
  checker: 'ada',
  worker: 'w.1',
  place: { backend: 'wasm', cpu: 'c', gpu: null, os: 'o', arch: 'x64', node: '22', commit: null },
  createdAt: new Date('2026-03-01T12:00:00Z'),
} as const
const dispute = { ...verdict, effect: 'disputes', summary: 'it gives others' } as const

describe('tierEvidence', () => {
  it('is the check that earned the tier, with who, on what and when', () => {
    expect(tierEvidence('re-evaluated', [verdict])).toBe(
      'the weights give the predictions (worker w.1 with wasm, 2026-03-01)',
    )
    const sent = {
      ...verdict,
      check: 'retraining',
      thirdParty: true,
      worker: null,
      summary: 'the same',
    } as const
    expect(tierEvidence('third-party', [verdict, sent])).toBe('the same (by ada with wasm, 2026-03-01)')
  })

  it('is what publishing checks where nobody has checked more', () => {
    expect(tierEvidence('recomputed', [])).toContain('every number follows from the predictions')
  })

  it('is the failed check until it is dismissed', () => {
    expect(tierEvidence('re-evaluated', [dispute, verdict])).toBe('a check failed: it gives others')
    expect(tierEvidence('re-evaluated', [{ ...dispute, ruling: 'upheld' }, verdict])).toContain(
      'a check failed',
    )
    expect(tierEvidence('re-evaluated', [{ ...dispute, ruling: 'dismissed' }, verdict])).toContain(
      'worker w.1',
    )
  })
})

describe('entryEvidence', () => {
  it('is that of its weakest run, or of one that is disputed', () => {
    const of = { ...verdict, seed: 1, tier: 're-evaluated' } as const
    expect(entryEvidence('recomputed', 2, [of])).toMatch(/^every number/)
    expect(entryEvidence('re-evaluated', 2, [of])).toMatch(/^seed 1 of 2: the weights give/)
    expect(entryEvidence('re-evaluated', 1, [of])).toMatch(/^the weights give/)
    const failed = { ...dispute, seed: 2, tier: 'recomputed', runId: 'run_2' } as const
    expect(entryEvidence('recomputed', 2, [of, failed])).toBe('seed 2 of 2: a check failed: it gives others')
  })
})
