import { readFileSync } from 'node:fs'
import { parseSpecText } from '@mate-bench/harness/spec'
import { describe, expect, it } from 'vitest'
import { jointBaseline } from './joint-baseline.ts'

const path = 'cifar100/resnet18-byot.json'
const spec = parseSpecText(
  readFileSync(new URL(`../../../../bench-specs/${path}`, import.meta.url), 'utf8'),
  path,
)
const classifier = { top1: { mean: 0.5, sd: null, n: 1 }, top5: 0.9, nll: 1, ece: 0.1, auroc: 0.8 }

const counts = { images: 100, rightCounts: [50], squares: 50 }

function entry(entryId: string, { own = spec, seeds = 1, macs = 1, track = 't' } = {}) {
  const aggregate = {
    experimentDigest: entryId,
    specDigest: entryId,
    specName: entryId,
    runs: Array.from({ length: seeds }, (_, seed) => ({ runId: `run_${entryId}_${seed}`, seed })),
    repeats: [],
    waiting: [],
    method: 'joint',
    parameters: 1,
    exits: [{ ...classifier, k: 1, after: 'x', isolatedMacs: macs, sequentialMacs: macs, parameters: 1 }],
    ensemble: classifier,
    counts: { exits: [counts], ensemble: counts },
  }
  return { entryId, trackDigest: track, backbone: 'resnet', spec: own, aggregate }
}

const shorter = { ...spec, training: { ...spec.training, epochs: 3 } }
const judgedOtherwise = { ...spec, evaluation: { ...spec.evaluation, protocols: ['anytime' as const] } }

describe('jointBaseline', () => {
  const own = entry('own')

  it('is trained as long and judged alike, however new another is', () => {
    expect(jointBaseline(own, [entry('short', { own: shorter }), entry('same')])?.entryId).toBe('same')
    expect(jointBaseline(own, [entry('short', { own: shorter, seeds: 9 })])).toBeUndefined()
    expect(jointBaseline(own, [entry('otherwise', { own: judgedOtherwise })])).toBeUndefined()
  })

  it('has the same costs, and is on the same track', () => {
    expect(jointBaseline(own, [entry('larger', { macs: 2 }), entry('else', { track: 'u' })])).toBeUndefined()
  })

  it('is the one with most seeds, and never the entry itself', () => {
    const candidates = [own, entry('one'), entry('three', { seeds: 3 }), entry('also-three', { seeds: 3 })]
    expect(jointBaseline(own, candidates)?.entryId).toBe('three')
  })
})
