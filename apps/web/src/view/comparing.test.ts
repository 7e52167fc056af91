import { syntheticRun, syntheticSpec } from '@mate-bench/harness/testing'
import { describe, expect, it } from 'vitest'
import { boardEntries, type DrawnEntry } from '../testing/board-entries.ts'
import { classAccuracies } from './confusion.ts'
import { manifestDiff } from './manifest-diff.ts'
import { agreement, pairedRows } from './paired-rows.ts'

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
  const [good, weak] = boardEntries([
    { name: 'good', top1: [0.8, 0.95] },
    { name: 'weak', top1: [0.3, 0.4] },
  ])
  if (!good || !weak) throw new Error('two entries were made')

  it('is sure of a large difference, in both directions', () => {
    const difference = (entries: readonly DrawnEntry[]) => pairedRows(entries)[1]?.differences[1]
    expect(difference([good, weak])?.upper).toBeLessThan(0)
    expect(difference([weak, good])?.lower).toBeGreaterThan(0)
  })

  it('has a row an exit and one for the ensemble, and nothing for the first entry', () => {
    const rows = pairedRows([good, weak])
    expect(rows.map(({ classifier }) => classifier)).toEqual(['exit 1', 'exit 2', 'ensemble'])
    expect(rows.every(({ differences }) => differences[0] === null)).toBe(true)
  })

  it('agrees with itself entirely', () => {
    const matrix = agreement([good, weak])
    expect(matrix[0]?.[0]).toBe(1)
    expect(matrix[0]?.[1]).toBe(matrix[1]?.[0])
    expect(matrix[0]?.[1]).toBeLessThan(1)
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
