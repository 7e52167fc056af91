import { readFileSync } from 'node:fs'
import { parseSpecText } from '@mate-bench/harness/spec'
import type { PublishedResult } from '@mate-bench/store'
import { describe, expect, it } from 'vitest'
import { sideBySide } from './side-by-side.ts'

const path = 'cifar100/resnet18-byot.json'
const spec = parseSpecText(
  readFileSync(new URL(`../../../../bench-specs/${path}`, import.meta.url), 'utf8'),
  path,
)
const classifier = (mean: number) => ({
  top1: { mean, sd: 0.01, n: 3 },
  top5: 0.9,
  nll: 1,
  ece: 0.1,
  auroc: 0.8,
})

const counts = { images: 100, rightCounts: [60, 60, 60], squares: 540 }

function entry(dataset = 'cifar100', own: typeof spec = spec) {
  const cost = { after: 'x', isolatedMacs: 1, sequentialMacs: 1, parameters: 1 }
  const aggregate = {
    experimentDigest: 'd',
    specDigest: 'd',
    specName: 'ours',
    runs: [1, 2, 3].map((seed) => ({ runId: `run_${seed}`, seed })),
    repeats: [],
    waiting: [],
    method: 'joint',
    parameters: 1,
    exits: [0.6, 0.7].map((mean, i) => ({ ...cost, k: i + 1, ...classifier(mean) })),
    ensemble: classifier(0.75),
    counts: { exits: [counts, counts], ensemble: counts },
  }
  return { entryId: 'entry_1', dataset, spec: own, aggregate, synthetic: false }
}

const printed = (changes: Partial<PublishedResult>): PublishedResult => ({
  ...{
    id: JSON.stringify(changes),
    paperId: 'p',
    dataset: 'cifar100',
    subset: null,
    architecture: 'resnet18',
  },
  ...{
    method: 'BYOT',
    benchMethod: 'byot',
    variant: '',
    exit: '1',
    k: 1,
    metric: 'top1',
    value: 61,
    ci95: null,
  },
  ...{
    flopsMillions: null,
    parametersMillions: null,
    runs: null,
    table: 'Table 1',
    url: 'https://example.org',
  },
  citation: { title: 'A paper', authors: ['A B'], venue: 'V', url: 'https://example.org' },
  caveats: [],
  ...changes,
})

describe('sideBySide', () => {
  it('puts the numbers of one exit of one network on one dataset into one row', () => {
    const { groups, others } = sideBySide(
      [entry()],
      [
        printed({ exit: 'ensemble' }),
        printed({ exit: '2', value: 71 }),
        printed({}),
        printed({ exit: '2', value: 72 }),
      ],
    )
    expect(others).toEqual([])
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({ dataset: 'cifar100', architecture: 'resnet18' })
    const rows = groups[0]?.rows.map(({ exit, ours, printed: theirs }) => [
      exit,
      ours.map(({ mean }) => mean),
      theirs.map(({ share }) => share),
    ])
    expect(rows).toEqual([
      ['1', [0.6], [0.61]],
      ['2', [0.7], [0.71, 0.72]],
      ['ensemble', [0.75], [0.61]],
    ])
  })

  it('takes an error rate for the accuracy that it is, and top-5 for top-5', () => {
    const { groups } = sideBySide(
      [entry()],
      [printed({ metric: 'top1_error', value: 25 }), printed({ metric: 'top5', value: 91 })],
    )
    const rows = groups[0]?.rows.map(({ metric, ours, printed: theirs }) => [
      metric,
      ours[0]?.mean,
      theirs[0]?.share,
    ])
    expect(rows).toEqual([
      ['top-1', 0.6, 0.75],
      ['top-5', 0.9, 0.91],
    ])
  })

  it.each([
    ['another dataset', printed({ dataset: 'tinyimagenet' })],
    ['another network', printed({ architecture: 'resnet50' })],
    ['an exit that ours lacks', printed({ exit: '4' })],
    ['a part of the training data', printed({ subset: '150 images per class' })],
  ])('has nothing to put beside %s', (_, result) => {
    expect(sideBySide([entry()], [result])).toEqual({ groups: [], others: [result] })
  })

  it('never takes entries on a part of the training data for the whole', () => {
    const few = { ...spec, dataset: { ...spec.dataset, subset: { perClass: 10, seed: 0 } } }
    expect(sideBySide([entry('cifar100', few)], [printed({})]).groups).toEqual([])
  })
})
