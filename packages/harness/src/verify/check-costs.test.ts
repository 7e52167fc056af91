import type { Manifest } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { syntheticRun, syntheticSpec } from '../testing/synthetic-run.ts'
import { type Check, createReport } from './check.ts'
import { checkCosts } from './check-costs.ts'

const spec = syntheticSpec('one')
const { manifest } = syntheticRun({ spec, seed: 1, top1: [0.7, 0.8, 0.9] })

/** How the check ends for a run whose manifest says so of its training. */
async function checked(training: Manifest['training']): Promise<Check | undefined> {
  const checks: Check[] = []
  const report = createReport({ onBegin() {}, onCheck: (check) => checks.push(check), onAlive() {} })
  await checkCosts(spec, { ...manifest, training }, report)
  return checks[0]
}

describe('costs of a run', () => {
  it('hold where they are those of the spec', async () => {
    expect(await checked(manifest.training)).toMatchObject({ outcome: 'passed' })
  })

  it('fail where training is said to have taken less than the method does', async () => {
    const claimed = (manifest.training.trainingMacsPerImage ?? 0) - 1
    expect(await checked({ ...manifest.training, trainingMacsPerImage: claimed })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining(`found ${claimed} MACs an image in training`),
    })
  })

  it('hold for a manifest of before training was counted', async () => {
    const { trainingMacsPerImage: _, ...before } = manifest.training
    expect(await checked(before)).toMatchObject({ outcome: 'passed' })
  })
})
