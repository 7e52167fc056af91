import { compareCircumstances, judgeReproduction } from '@mate-bench/harness/reproduce'
import { syntheticRun, syntheticSpec } from '@mate-bench/harness/testing'
import type { Manifest } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { createPainter } from '../format/paint.ts'
import { circumstancesText, verdictText } from './verdict-text.ts'

const plain = createPainter({ isTTY: false })
const trained = syntheticRun({ spec: syntheticSpec('told'), seed: 1, top1: [0.5, 0.6, 0.7] }).manifest
const file = { role: 'predictions', file: 'predictions.parquet', mediaType: 'a', bytes: 1 } as const
const published: Manifest = { ...trained, artifacts: [{ ...file, sha256: 'a'.repeat(64) }] }
const entry = published.results.exits.map(({ top1 }) => ({ mean: top1, sd: 0.002, n: 5 }))

function textOf(change: (run: Manifest) => void): string {
  const here = structuredClone(published)
  change(here)
  return verdictText(judgeReproduction({ published, repeated: [here], entry }), plain)
}

describe('verdictText', () => {
  it('says that bytes are the same', () => {
    expect(textOf(() => {})).toMatch(/✓ Identical: .*the same bytes, all \d+ numbers equal/)
  })

  it('shows number by number what differs, and the equivalence test', () => {
    const text = textOf((run) => {
      run.environment.backend.name = 'tensorflow'
      for (const exit of run.results.exits) exit.top1 += 0.003
    })
    expect(text).toMatch(/exit 1 +top1 +0\.\d{6} +0\.\d{6} +\+0\.003000/)
    expect(text).toMatch(/In points, against 5 published seeds; within ±1\.00 counts as the same/)
    expect(text).toMatch(/exit 3 +\+0\.30 +−0\.17 to \+0\.77 +equivalent/)
    expect(text).toMatch(/✓ Statistically consistent: .*\n {2}Most likely cause: /)
  })

  it('tells a difference, and what most likely made it', () => {
    const text = textOf((run) => {
      run.environment.backend.name = 'tensorflow'
      run.artifacts = [{ ...file, sha256: 'b'.repeat(64) }]
      run.code.commit = '\u001b[2Jbad'
      for (const exit of run.results.exits) exit.top1 += 0.05
    })
    expect(text).toMatch(/✗ Inconsistent: .*exit \d is \+5\.00 points from the entry’s mean of 5 seeds/)
    expect(text).toMatch(/Most likely cause: the code: published/)
    expect(text).not.toContain('\u001b')
  })
})

describe('circumstancesText', () => {
  const here = { code: published.code, environment: published.environment }

  it('sends to the commit of the run, and says so where that is not all of its code', () => {
    const text = (dirty: boolean) => {
      const theirs = { ...here, code: { ...here.code, commit: 'abc', dirty } }
      return circumstancesText(compareCircumstances(theirs, here), plain)
    }
    expect(text(false)).toContain('The code of the run: git checkout abc')
    expect(text(true)).toContain('The nearest to the code of the run: git checkout abc')
  })

  it('obeys no control character of the site', () => {
    const theirs = { ...here, code: { ...here.code, commit: '\u001b[2Jbad' } }
    const text = circumstancesText(compareCircumstances(theirs, here), plain)
    expect(text).toContain('commit')
    expect(text).not.toContain('\u001b')
  })
})
