import { syntheticRun, syntheticSpec } from '@mate-bench/harness/testing'
import { BenchError } from '@mate-bench/schema'
import { beforeAll, describe, expect, it } from 'vitest'
import { answersOf } from '../answers-file.ts'
import type { PackedRun } from '../packed-run.ts'
import { studyMarkdown } from './markdown.ts'
import { bestText, chartCaption, pairName, pairVerdict, seedsText } from './sentences.ts'
import { type StudyResults, studyResults } from './study-results.ts'

const description = (what: string) => `The study on Fashion-MNIST: ${what}. Same data, schedule and batches.`

/** Made-up runs, packed without files. */
function packed(name: string, seed: number, top1: readonly number[], change = {}): PackedRun {
  const spec = syntheticSpec(`study-${name}`, { description: description(name), seeds: [seed], ...change })
  const { manifest, predictions } = syntheticRun({ spec, seed, top1, images: 500 })
  return { manifest, answers: answersOf(predictions.table), files: new Map(), companions: new Map() }
}

const seeds = [1, 2, 3]
const runs = [
  ...seeds.map((seed) => packed('joint', seed, [0.6, 0.7, 0.75])),
  ...seeds.map((seed) => packed('mate', seed, [0.85, 0.72, 0.75], { method: { name: 'mate' } })),
  ...seeds.map((seed) =>
    packed('alone1', seed, [0.62], {
      model: {
        backbone: { name: 'resnet', depth: 8, width: 4 },
        exits: [{ after: 'stage1' }],
        head: { name: 'linear' },
      },
    }),
  ),
]
let study: StudyResults

beforeAll(() => {
  study = studyResults(runs)
})

describe('studyResults', () => {
  it('counts every accuracy from the answers', () => {
    const own = runs.filter(({ manifest }) => manifest.spec.name === 'study-mate')
    const means = [0, 1, 2].map((exit) => {
      const right = own.flatMap(({ manifest }) => manifest.results.exits[exit]?.top1 ?? [])
      return right.reduce((sum, value) => sum + value, 0) / right.length
    })
    const mate = study.methods.find(({ name }) => name === 'mate')
    expect(mate?.seeds).toEqual(seeds)
    expect(mate?.what).toBe('mate')
    mate?.exits.forEach(({ mean, lower, upper }, i) => {
      expect(mean).toBeCloseTo(means[i] ?? 0, 10)
      expect(lower).toBeLessThan(mean)
      expect(upper).toBeGreaterThan(mean)
    })
    expect(study.references.map(({ name }) => name)).toEqual(['alone1'])
  })

  it('answers what was asked, and leaves open what nobody trained', () => {
    const answers = new Map(study.questions.map(({ id, answers }) => [id, answers]))
    const [first] = answers.get('mate-joint') ?? []
    const mean = (name: string) => study.methods.find((method) => method.name === name)?.exits[0]?.mean ?? 0
    expect(first?.difference).toBeCloseTo(mean('mate') - mean('joint'), 10)
    expect(first).toMatchObject({ of: 'mate minus joint', k: 1, seeds: 3, apart: true })
    expect(first && pairName(first.of)).toBe('mate against joint')
    expect(answers.get('shallow-gain')).toMatchObject([{ apart: true, k: null }])
    expect(answers.get('alone')?.map(({ of }) => of)).toEqual(['joint minus alone1'])
    expect(answers.get('teachers')).toEqual([])
    expect(pairVerdict(answers.get('mate-joint') ?? [])).toMatch(/^Better at exit/)
    expect(pairVerdict(answers.get('shallow-gain') ?? [])).toBe('Yes.')
  })

  it('says the same in whatever order the runs come', () => {
    const again = studyResults([...runs].reverse())
    expect(JSON.stringify(again)).toBe(JSON.stringify(study))
    expect(studyMarkdown(again)).toBe(studyMarkdown(study))
  })

  it('is right at any stage: with one seed it ranks nothing and answers nothing', () => {
    const early = studyResults(runs.filter(({ manifest }) => manifest.seed === 1))
    expect(seedsText(early)).toBe('1 of 10 seeds')
    expect(early.methods.flatMap(({ exits }) => exits.map(({ rank }) => rank))).toEqual(Array(6).fill(null))
    const mate = early.methods.find(({ name }) => name === 'mate')
    expect(mate?.exits.map(({ againstJoint }) => againstJoint?.apart)).toEqual([false, false, false])
    expect(bestText(early, 1)).toContain('no ranks yet')
    expect(pairVerdict(early.questions[0]?.answers ?? [])).toContain('Open')
    const uneven = studyResults(
      runs.filter(({ manifest }) => manifest.spec.name !== 'study-mate' || manifest.seed < 3),
    )
    expect(seedsText(uneven)).toBe('2 to 3 of 10 seeds')
    expect(chartCaption(uneven)).toContain('number in brackets')
  })

  it('drops the notes of an unfinished study when every planned seed is there', () => {
    const complete = { ...study, plannedSeeds: seeds.length }
    expect(seedsText(complete)).toBe('3 seeds each')
    expect(chartCaption(complete)).not.toContain('number in brackets')
  })

  it('refuses runs of two tracks', () => {
    const dataset = { name: 'fashion-mnist-mini', validation: { size: 100 } }
    const other = packed('other', 1, [0.5, 0.6, 0.7], { dataset })
    expect(() => studyResults([...runs, other])).toThrow(BenchError)
  })
})
