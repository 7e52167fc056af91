import type { HistoryRun } from '@mate-bench/store'
import { describe, expect, it } from 'vitest'
import { trackEvents } from './track-events.ts'
import { askedDay, bestWithin, frontierAt, frontierChanges, isDay } from './track-history.ts'

const testImages = 1000

interface Wish {
  readonly entry: string
  readonly seed?: number
  readonly day: number
  /** Cost and top-1 of each exit. */
  readonly exits: readonly (readonly [macs: number, top1: number])[]
  readonly disputed?: boolean
  readonly withdrawnOn?: number
}

const at = (day: number) => new Date(Date.UTC(2026, 0, day, 12))

function run({ entry, seed = 1, day, exits, disputed = false, withdrawnOn }: Wish): HistoryRun {
  return {
    runId: `run_${entry}_${seed}`,
    entryId: `entry_${entry}`,
    name: entry,
    method: 'joint',
    backbone: 'resnet',
    seed,
    tier: 'recomputed',
    synthetic: false,
    publishedAt: at(day),
    finishedAt: at(day).toISOString(),
    withdrawnAt: withdrawnOn === undefined ? null : at(withdrawnOn),
    disputed,
    exits: exits.map(([sequentialMacs, top1], i) => ({ k: i + 1, sequentialMacs, top1 })),
  }
}

const changesOf = (wishes: readonly Wish[]) => frontierChanges(wishes.map(run), { testImages })
const names = (points: readonly { name: string; k: number }[]) => points.map(({ name, k }) => `${name} ${k}`)

describe('frontierChanges', () => {
  it('has the frontier at the end of each day that moved it', () => {
    const changes = changesOf([
      {
        entry: 'a',
        day: 1,
        exits: [
          [10, 0.6],
          [20, 0.7],
        ],
      },
      { entry: 'worse', day: 2, exits: [[20, 0.65]] },
      { entry: 'b', day: 4, exits: [[20, 0.75]] },
    ])
    expect(changes.map(({ date }) => date)).toEqual(['2026-01-01', '2026-01-04'])
    expect(names(changes[0]?.frontier ?? [])).toEqual(['a 1', 'a 2'])
    expect(names(changes[1]?.frontier ?? [])).toEqual(['a 1', 'b 1'])
    expect(names(changes[1]?.entered ?? [])).toEqual(['b 1'])
    expect(names(frontierAt(changes, '2026-01-03'))).toEqual(['a 1', 'a 2'])
    expect(frontierAt(changes, '2025-12-31')).toEqual([])
    expect(bestWithin(changes[1]?.frontier ?? [], 15)).toMatchObject({ name: 'a', k: 1 })
    expect(bestWithin(changes[1]?.frontier ?? [], 5)).toBeUndefined()
  })

  it('takes means over the seeds that counted by then, so that another seed can bring back what was beaten', () => {
    const changes = changesOf([
      { entry: 'lucky', day: 1, exits: [[10, 0.8]] },
      { entry: 'steady', day: 1, exits: [[10, 0.75]] },
      { entry: 'lucky', seed: 2, day: 2, exits: [[10, 0.6]] },
      // Seed 3 is missing, so this waits.
      { entry: 'lucky', seed: 4, day: 3, exits: [[10, 0.9]] },
    ])
    expect(changes.map(({ frontier }) => names(frontier))).toEqual([['lucky 1'], ['steady 1']])
  })

  it('leaves out what was withdrawn or is disputed, on every day', () => {
    const changes = changesOf([
      { entry: 'gone', day: 1, exits: [[10, 0.9]], withdrawnOn: 5 },
      { entry: 'doubted', day: 2, exits: [[10, 0.8]], disputed: true },
      { entry: 'left', day: 3, exits: [[10, 0.7]] },
    ])
    expect(changes.map(({ date, frontier }) => [date, names(frontier)])).toEqual([['2026-01-03', ['left 1']]])
  })

  it('keeps equal exits on it together', () => {
    const both = changesOf([
      { entry: 'a', day: 1, exits: [[10, 0.7]] },
      { entry: 'b', day: 2, exits: [[10, 0.7]] },
    ])
    expect(names(both.at(-1)?.frontier ?? [])).toEqual(['a 1', 'b 1'])
  })
})

describe('askedDay', () => {
  it('tells a day from what is none, and from nothing', () => {
    expect(askedDay('2026-12-01')).toEqual({ asked: '2026-12-01', day: '2026-12-01' })
    expect(askedDay(['2026-12-01', 'x']).day).toBe('2026-12-01')
    expect(askedDay('2026-02-30')).toEqual({ asked: '2026-02-30', day: undefined })
    for (const none of [undefined, '', []]) expect(askedDay(none)).toEqual({})
  })
})

describe('isDay', () => {
  it('takes days that a calendar has, and nothing else', () => {
    for (const text of ['2026-12-01', '2024-02-29']) expect(isDay(text), text).toBe(true)
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', 'today', '', '2026-12-01T00:00']) {
      expect(isDay(text), text).toBe(false)
    }
  })
})

describe('trackEvents', () => {
  it('tells of new entries, further seeds, withdrawals and the frontier, newest first', () => {
    const runs = [
      { entry: 'a', day: 1, exits: [[10, 0.7]] as const },
      { entry: 'a', seed: 2, day: 1, exits: [[10, 0.7]] as const },
      { entry: 'b', day: 2, exits: [[20, 0.6]] as const, withdrawnOn: 3 },
      { entry: 'a', seed: 3, day: 4, exits: [[10, 0.76]] as const },
    ].map(run)
    const events = trackEvents({
      runs,
      verdicts: [],
      changes: frontierChanges(runs, { testImages }),
      frontierHref: (day) => `/day/${day}`,
    })
    expect(events.map(({ subject, text }) => `${subject} ${text}`)).toEqual([
      'Frontier changed by a',
      'a has seed 3 too.',
      'b lost seed 1: the run was withdrawn.',
      'b is new: joint on resnet, 1 exit, seed 1.',
      'Frontier changed by a',
      'a is new: joint on resnet, 1 exit, seeds 1, 2.',
    ])
    expect(events[0]?.href).toBe('/day/2026-01-04')
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  })
})
