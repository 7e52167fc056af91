import { syntheticRun, syntheticSpec } from '@mate-bench/harness/testing'
import { type EntryRun, trackSpreads } from '@mate-bench/stats'
import { describe, expect, it } from 'vitest'
import { boardEntries, type DrawnEntry } from '../testing/board-entries.ts'
import { classAccuracies } from './confusion.ts'
import { manifestDiff } from './manifest-diff.ts'
import { pairedRows } from './paired-rows.ts'
import { rightAndWrong } from './right-and-wrong.ts'

describe('manifestDiff', () => {
  const joint = syntheticRun({ spec: syntheticSpec('one'), seed: 1, top1: [0.7, 0.8, 0.9] }).manifest
  const mate = syntheticRun({
    spec: syntheticSpec('two', { method: { name: 'mate' } }),
    seed: 2,
    top1: [0.7, 0.8, 0.9],
  }).manifest

  it('has a row for what differs, in its group, and none for names and seeds', () => {
    const diff = manifestDiff([joint, mate])
    const paths = diff.spec.map(({ path }) => path)
    expect(paths).toContain('method.name')
    expect(diff.spec.find(({ path }) => path === 'method.name')?.values).toEqual(['"joint"', '"mate"'])
    expect(diff.spec.find(({ path }) => path === 'method.temperature')?.values).toEqual([undefined, '3'])
    expect(paths).not.toContain('name')
    expect(diff.environment).toEqual([])
  })

  it('is empty for one and the same', () => {
    expect(Object.values(manifestDiff([joint, joint])).flat()).toEqual([])
  })

  it('finds a changed environment', () => {
    const other = { ...joint, environment: { ...joint.environment, threads: 99 } }
    expect(manifestDiff([joint, other]).environment.map(({ path }) => path)).toEqual(['threads'])
  })
})

describe('pairedRows', () => {
  const [good, weak, deep] = boardEntries([
    { name: 'good', top1: [0.8, 0.95] },
    { name: 'weak', top1: [0.3, 0.4] },
    { name: 'deep', top1: [0.1, 0.2, 0.3], macs: 200 },
  ]).sort((a, b) => ['good', 'weak', 'deep'].indexOf(a.name) - ['good', 'weak', 'deep'].indexOf(b.name))
  if (!good || !weak || !deep) throw new Error('three entries were made')

  const rowsOf = (entries: readonly DrawnEntry[]) => pairedRows(entries, trackSpreads(entries))

  it('is sure of a large difference, in both directions', () => {
    const difference = (entries: readonly DrawnEntry[]) => rowsOf(entries)[1]?.cells[0]
    expect(difference([good, weak])?.upper).toBeLessThan(0)
    expect(difference([weak, good])?.lower).toBeGreaterThan(0)
  })

  it('has a row an exit and one for the ensemble, each with the mean of the first entry at it', () => {
    const rows = rowsOf([good, weak])
    expect(rows.map(({ classifier, baseMean }) => [classifier, baseMean])).toEqual([
      ['exit 1', good.exits[0]?.top1.mean],
      ['exit 2', good.exits[1]?.top1.mean],
      ['ensemble', good.ensemble.top1.mean],
    ])
  })

  it('puts no figure of another classifier where a network has fewer exits', () => {
    const rows = rowsOf([good, deep])
    expect(rows.map(({ classifier }) => classifier)).toEqual(['exit 1', 'exit 2', 'exit 3', 'ensemble'])
    expect(rows.map(({ baseMean }) => baseMean)).toEqual([
      ...good.exits.map(({ top1 }) => top1.mean),
      null,
      good.ensemble.top1.mean,
    ])
    expect(rows.map(({ cells: [cell] }) => cell === null)).toEqual([false, false, true, false])
    // An ensemble costs what its last exit does: all of the network.
    expect(rows.map(({ sequentialMacs }) => sequentialMacs)).toEqual([
      [120, 240],
      [240, 480],
      [null, 720],
      [240, 720],
    ])
    const reversed = rowsOf([deep, good])
    expect(reversed.map(({ cells: [cell] }) => cell === null)).toEqual([false, false, true, false])
  })

  it('corrects p for all that it shows, and says what a significant difference would take', () => {
    const cells = rowsOf([good, weak]).flatMap((row) => row.cells)
    const raw = cells.map((cell) => cell?.pValue ?? 1)
    const least = Math.min(...raw)
    expect(cells[raw.indexOf(least)]?.adjustedPValue).toBeCloseTo(Math.min(1, 3 * least), 12)
    for (const cell of cells) {
      expect(cell?.seedShare).toBe('own')
      expect(cell?.moreSeeds === 0).toBe(cell?.apart)
    }
  })

  it('never calls a difference from an entry of one seed significant', () => {
    const [single] = boardEntries([{ name: 'single', top1: [0.1, 0.1], seeds: [1] }])
    if (!single) throw new Error('an entry was made')
    for (const cell of rowsOf([good, single]).flatMap((row) => row.cells)) {
      expect(cell).toMatchObject({ apart: false, adjustedPValue: 1, seedShare: 'track' })
      expect(cell?.moreSeeds).toBeGreaterThanOrEqual(1)
    }
  })
})

describe('rightAndWrong', () => {
  it('counts how two last exits are right and wrong together', () => {
    const entry = (correct: readonly number[]) => ({
      runs: [{ exits: [{ correct: Uint8Array.from(correct) }] as unknown as EntryRun['exits'] }],
    })
    const shares = { bothRight: 0.5, onlyFirst: 0.25, onlySecond: 0, bothWrong: 0.25 }
    expect(rightAndWrong([entry([1, 1, 1, 0]), entry([1, 1, 0, 0])])).toEqual([{ pair: [0, 1], ...shares }])
    expect(rightAndWrong([entry([1]), entry([1]), entry([0])]).map(({ pair }) => pair)).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ])
  })
})

describe('classAccuracies', () => {
  it('counts what each class is taken for, weakest class first', () => {
    const exit = {
      predicted: Int32Array.from([0, 0, 1, 1, 1, 0]),
      confidence: new Float32Array(6),
      labelLogProbability: new Float32Array(6),
      labelRank: new Int32Array(6),
      entropy: new Float32Array(6),
    }
    const table = { labels: Int32Array.from([0, 0, 0, 0, 1, 2]), classes: 4, exits: [exit], ensemble: exit }
    expect(classAccuracies([table], 0)).toEqual([
      { label: 2, images: 1, accuracy: 0, mistakes: [{ predicted: 0, share: 1 }] },
      { label: 0, images: 4, accuracy: 0.5, mistakes: [{ predicted: 1, share: 0.5 }] },
      { label: 1, images: 1, accuracy: 1, mistakes: [] },
    ])
  })
})
