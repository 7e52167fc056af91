import { describe, expect, it } from 'vitest'
import { groupEntries } from './entries.ts'
import { syntheticRun, syntheticSpec } from './testing/synthetic-run.ts'

const joint = syntheticSpec('small-joint')
const mate = syntheticSpec('small-mate', { method: { name: 'mate' } })

function runsOf(spec: typeof joint, seeds: readonly number[], shift = 0) {
  return seeds.map((seed) =>
    syntheticRun({ spec, seed, top1: [0.7 + shift, 0.76 + shift, 0.8 + shift + seed / 200] }),
  )
}

describe('groupEntries', () => {
  it('makes one entry of the runs of one spec, in ascending order of seeds', () => {
    const [report, ...others] = groupEntries(runsOf(joint, [3, 1, 2]))
    expect(others).toEqual([])
    expect(report?.entries).toHaveLength(1)
    const [entry] = report?.entries ?? []
    expect(entry?.seeds).toEqual([1, 2, 3])
    expect(entry?.name).toBe('small-joint')
  })

  it('averages each exit over seeds, with the sample standard deviation', () => {
    const runs = runsOf(joint, [1, 2])
    const [a = 0, b = 0] = runs.map(({ manifest }) => manifest.results.exits[2]?.top1 ?? Number.NaN)
    const exit = groupEntries(runs)[0]?.entries[0]?.exits[2]
    expect(exit?.top1.mean).toBeCloseTo((a + b) / 2, 12)
    expect(exit?.top1.sd).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12)
    expect(exit?.interval.lower).toBeLessThan(exit?.top1.mean ?? 0)
    expect(exit?.interval.upper).toBeGreaterThan(exit?.top1.mean ?? 1)
    expect(exit?.interval.seedShare).toBe('own')
  })

  it('says that the interval of one seed does not cover seeds', () => {
    const entry = groupEntries(runsOf(joint, [1]))[0]?.entries[0]
    expect(entry?.exits[0]?.top1.sd).toBeNull()
    expect(entry?.exits[0]?.interval.seedShare).toBe('unknown')
    expect(entry?.ranking.rank).toBeNull()
    expect(entry?.ensemble.interval.seedShare).toBe('unknown')
  })

  it('counts a second run of a seed nowhere', () => {
    const runs = runsOf(joint, [1, 2])
    const again = syntheticRun({ spec: joint, seed: 1, top1: [0.2, 0.2, 0.2] })
    const later = {
      ...again,
      manifest: {
        ...again.manifest,
        timing: { ...again.manifest.timing, finishedAt: '2026-02-01T00:00:00.000Z' },
      },
    }
    const with1 = groupEntries([later, ...runs])[0]?.entries[0]
    expect(with1?.repeats).toEqual([later])
    expect(with1?.exits).toEqual(groupEntries(runs)[0]?.entries[0]?.exits)
  })

  it('gives an entry no rank and no place on the frontier where a check of one of its runs failed', () => {
    const best = runsOf(mate, [1, 2, 3], 0.08)
    const rest = runsOf(joint, [1, 2, 3])
    const marks = (disputed: ReadonlySet<string>) =>
      (groupEntries([...best, ...rest], disputed)[0]?.entries ?? []).map(({ method, ranking, exits }) => ({
        ...{ method, rank: ranking.rank, onFrontier: exits.some((exit) => exit.onFrontier) },
        isFirm: exits.some(({ frontierShare }) => frontierShare > 0),
      }))
    expect(marks(new Set())).toMatchObject([{ method: 'mate', rank: 1 }, { method: 'joint' }])
    expect(marks(new Set([best[1]?.manifest.runId ?? '']))).toEqual([
      { method: 'joint', rank: 1, onFrontier: true, isFirm: true },
      { method: 'mate', rank: null, onFrontier: false, isFirm: false },
    ])
  })

  it('leaves an entry its rank where what is disputed is a run that it does not count', () => {
    const best = runsOf(mate, [1, 2, 3], 0.08)
    // Anybody may publish a repeat of a seed, or a run behind a gap.
    const [first] = runsOf(mate, [1], 0.01)
    const [behind] = runsOf(mate, [9])
    if (!first || !behind) throw new Error('no runs')
    const repeat = structuredClone(first)
    repeat.manifest.runId = 'run_0123456789abcdef0123'
    repeat.manifest.timing.finishedAt = '2026-02-01T00:00:00.000Z'
    const disputed = new Set([repeat.manifest.runId, behind.manifest.runId])
    const [entry] =
      groupEntries([...best, repeat, behind, ...runsOf(joint, [1, 2, 3])], disputed)[0]?.entries ?? []
    expect(entry?.repeats.map(({ manifest }) => manifest.runId)).toEqual([repeat.manifest.runId])
    expect(entry?.waiting).toHaveLength(1)
    expect(entry).toMatchObject({ method: 'mate', ranking: { rank: 1 } })
    expect(entry?.exits.some(({ frontierShare }) => frontierShare > 0)).toBe(true)
  })

  it('puts the better entry first and does not depend on the order of the runs', () => {
    const runs = [...runsOf(joint, [1, 2, 3]), ...runsOf(mate, [1, 2, 3], 0.08)]
    const [report] = groupEntries(runs)
    expect(report?.entries.map(({ method }) => method)).toEqual(['mate', 'joint'])
    // Eight points apart, where seeds differ by less than one.
    expect(report?.entries.map(({ ranking }) => ranking.rank)).toEqual([1, 2])
    const withoutRuns = (reports: ReturnType<typeof groupEntries>) =>
      reports.map(({ entries }) => entries.map(({ name, exits, ranking }) => ({ name, exits, ranking })))
    expect(withoutRuns(groupEntries([...runs].reverse()))).toEqual(withoutRuns([...groupEntries(runs)]))
  })

  it('puts only the better one of two equally expensive entries on the frontier', () => {
    const [report] = groupEntries([...runsOf(joint, [1, 2]), ...runsOf(mate, [1, 2], 0.1)])
    const [first, second] = report?.entries ?? []
    expect(first?.exits.every(({ onFrontier }) => onFrontier)).toBe(true)
    expect(second?.exits.some(({ onFrontier }) => onFrontier)).toBe(false)
    expect(first?.exits[0]?.frontierShare).toBeGreaterThan(second?.exits[0]?.frontierShare ?? 1)
  })

  it('keeps tracks apart: another validation split is another table', () => {
    const other = syntheticSpec('other-split', {
      dataset: { name: 'fashion-mnist-mini', validation: { size: 1000 } },
    })
    const reports = groupEntries([...runsOf(joint, [1]), ...runsOf(other, [1])])
    expect(reports).toHaveLength(2)
    expect(reports.map(({ entries }) => entries.length)).toEqual([1, 1])
  })

  it('makes one entry of specs that differ in name and seeds alone, labelled by the run that came last', () => {
    const renamed = syntheticSpec('small-joint-again', { description: 'One more seed.', seeds: [1, 2, 3] })
    const [first, second] = [...runsOf(joint, [1]), ...runsOf(renamed, [2])]
    if (!first || !second) throw new RangeError('two runs')
    const timing = { ...second.manifest.timing, finishedAt: '2026-03-01T00:00:00.000Z' }
    const later = { ...second, manifest: { ...second.manifest, timing } }
    const entries = groupEntries([first, later])[0]?.entries
    expect(entries?.map(({ name, seeds }) => ({ name, seeds }))).toEqual([
      { name: 'small-joint-again', seeds: [1, 2] },
    ])
  })

  it('counts seeds from 1 without a gap, and an entry without seed 1 by its lowest alone', () => {
    const gap = groupEntries(runsOf(joint, [1, 2, 4]))[0]?.entries[0]
    expect(gap?.seeds).toEqual([1, 2])
    expect(gap?.waiting.map(({ manifest }) => manifest.seed)).toEqual([4])
    const chosen = groupEntries(runsOf(joint, [7, 5]))[0]?.entries[0]
    expect(chosen?.seeds).toEqual([5])
    expect(chosen?.waiting.map(({ manifest }) => manifest.seed)).toEqual([7])
  })

  it('tells two experiments of one name apart', () => {
    const changed = syntheticSpec('small-joint', { method: { name: 'mate' } })
    const names = groupEntries([...runsOf(joint, [1]), ...runsOf(changed, [1])])[0]?.entries.map(
      ({ name }) => name,
    )
    expect(new Set(names).size).toBe(2)
    for (const name of names ?? []) expect(name).toMatch(/^small-joint \([0-9a-f]{8}\)$/)
  })
})
