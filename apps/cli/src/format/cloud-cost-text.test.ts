import { estimateCloudCost } from '@mate-bench/cloud/cost'
import { describe, expect, it } from 'vitest'
import { formatCloudCost } from './cloud-cost-text.ts'

/** At a fifth of their peaks: the T4 does 29.2e15 MACs in ten hours, all others in less than three. */
const text = (macsPerRun: number, flopPerSecond?: number) =>
  formatCloudCost(estimateCloudCost({ macsPerRun, runs: 3, flopPerSecond }), (_, plain) => plain)
const warnings = (shown: string) =>
  shown.split('\n').filter((line) => /a run would take longer|is given up/.test(line))
const every = 'g6.xlarge, g5.xlarge, g6e.xlarge, g4dn.xlarge, p5.4xlarge, p4d.24xlarge'
const ended = 'A run that takes longer is given up after its last attempt.'

describe('formatCloudCost', () => {
  it('has a row a machine, and says what is assumed', () => {
    const shown = text(2.916e15)
    expect(shown).toMatch(/g6\.xlarge +L4 +6\.06 TFLOP\/s +24 min 3 s +1\.20 +\$0\.39 +\$0\.97/)
    expect(shown).toMatch(/g5\.xlarge +A10G +6\.24 TFLOP\/s +23 min 35 s +1\.18 +\$0\.47 +\$1\.19/)
    expect(shown).toMatch(/g6e\.xlarge +L40S +18\.3 TFLOP\/s/)
    expect(shown).toMatch(/g4dn\.xlarge +T4 +1\.62 TFLOP\/s +1 h 8 min +3\.40 +\$0\.72 +\$1\.79/)
    expect(shown).toMatch(/p5\.4xlarge +H100 +13\.4 TFLOP\/s/)
    expect(shown).toMatch(/p4d\.24xlarge +8 A100 +3\.90 TFLOP\/s/)
    expect(shown).toContain(
      'assumed, not measured: 20 % of the single-precision peak (L4 30.3, A10G 31.2, L40S 91.6, T4 8.1, ',
    )
    expect(shown).toContain(
      'The queue starts g6.xlarge, g5.xlarge, g6e.xlarge; the others where a deployment',
    )
    expect(warnings(shown)).toEqual([])
    expect(text(2.916e15, 2.5e12)).toContain('Throughput as given by --gflops.')
  })

  it('warns of a run that a personal stage would end, and only for the machine on which it would', () => {
    expect(warnings(text(29.2e15))).toEqual([
      'g4dn.xlarge: a run would take longer than the 10 h that a run has in a personal stage (in production 60 h).',
      ended,
    ])
  })

  it('warns of a run that no stage would finish', () => {
    expect(warnings(text(180e15))).toEqual([
      'g4dn.xlarge: a run would take longer than the 60 h that a run has in production.',
      'g6.xlarge, g5.xlarge, p4d.24xlarge: a run would take longer than the 10 h that a run has in a personal stage (in production 60 h).',
      ended,
    ])
    expect(warnings(text(180e15, 1e12))).toEqual([
      `${every}: a run would take longer than the 60 h that a run has in production.`,
      ended,
    ])
  })
})
