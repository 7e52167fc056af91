import { expect, it } from 'vitest'
import { aggregateEntry, correctAt, type EntryRun, selectRuns } from '../entry-aggregate.ts'
import { sumOverRuns } from '../image-sums.ts'
import { drawnRun } from '../testing/drawn-run.ts'
import { costClasses } from './cost-classes.ts'

const entry = (name: string, top1: readonly number[], costs: readonly number[], seeds = [1, 2, 3]) => {
  const runs: EntryRun[] = seeds.map((seed) => {
    const run = drawnRun(name, seed, top1)
    return { ...run, exits: run.exits.map((exit, i) => ({ ...exit, sequentialMacs: costs[i] ?? 0 })) }
  })
  return { ...aggregateEntry(selectRuns(runs)), own: runs }
}
const sumsAt = ({ own }: { own: readonly EntryRun[] }, k: number) => sumOverRuns(correctAt(own, k - 1))

const small = entry('small', [0.5, 0.7], [2, 8])
const large = entry('large', [0.3, 0.95], [8, 80])

it('ranks each entry by the deepest exit that a budget pays for', () => {
  const classes = costClasses([large, small], sumsAt, [1, 10, 100])
  expect(
    classes.map(({ budgetMacs, entries }) => [
      budgetMacs,
      entries.map(({ aggregate, exit, ranking }) => [aggregate.specName, exit.k, ranking.rank]),
    ]),
  ).toEqual([
    [
      10,
      [
        ['small', 2, 1],
        ['large', 1, 2],
      ],
    ],
    [
      100,
      [
        ['large', 2, 1],
        ['small', 2, 2],
      ],
    ],
  ])
})

it('leaves out budgets that no exit meets, and those that change nothing', () => {
  expect(costClasses([small], sumsAt, [1, 5, 10, 1e9]).map(({ budgetMacs }) => budgetMacs)).toEqual([5, 10])
  expect(costClasses([], sumsAt)).toEqual([])
})

it('says how far an entry is ahead of joint training within the budget, and nothing of one seed', () => {
  const joint = { ...entry('joint', [0.2, 0.4], [2, 8]), method: 'joint' }
  const mate = { ...small, method: 'mate' }
  const single = { ...entry('single', [0.9, 0.9], [2, 8], [1]), method: 'mate' }
  const [, within] = costClasses([joint, mate, single], sumsAt, [5, 10])
  expect(within?.entries.map(({ ranking: { name, rank } }) => [name, rank])).toEqual([
    ['small', 1],
    ['joint', 2],
    ['single', null],
  ])
  const against = within?.entries[0]?.ranking.againstBaseline
  expect(against?.other).toBe('joint')
  expect(against?.apart).toBe(true)
  expect(against?.difference).toBeCloseTo(
    (mate.exits[1]?.top1.mean ?? 0) - (joint.exits[1]?.top1.mean ?? 0),
    12,
  )
})

it('does not depend on the order of the entries', () => {
  expect(costClasses([small, large], sumsAt, [10, 100])).toEqual(
    costClasses([large, small], sumsAt, [10, 100]),
  )
})
