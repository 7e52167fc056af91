import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { costClasses } from './board/cost-classes.ts'
import { aggregateEntry, correctAt, selectRuns } from './entry-aggregate.ts'
import { rankAggregates } from './entry-table.ts'
import { type ImageSums, sumOverRuns } from './image-sums.ts'
import { drawnRun } from './testing/drawn-run.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const aggregates = [0.9, 0.6, 0.3].map((top1, i) => {
  const runs = [1, 2].map((seed) => drawnRun(`entry-${i}`, seed, [top1 - 0.1, top1]))
  return { ...aggregateEntry(selectRuns(runs)), own: runs }
})

/** Ranks in a scope of its own, so that nothing of it is left but what the ranking keeps. */
function ranking<T>(rank: (sumsAt: (entry: (typeof aggregates)[number], k: number) => ImageSums) => T) {
  const read: WeakRef<object>[] = []
  const sumsAt = ({ own }: (typeof aggregates)[number], k: number) => {
    const sums = sumOverRuns(correctAt(own, k - 1))
    read.push(new WeakRef(sums))
    return sums
  }
  const kept = rank(sumsAt)
  return { kept, read: [...read, new WeakRef(sumsAt)] }
}

describe('a kept ranking', () => {
  it.each([
    ['rankAggregates', (sumsAt) => rankAggregates(aggregates, sumsAt)],
    ['costClasses', (sumsAt) => costClasses(aggregates, sumsAt, [1e6])],
  ] satisfies [string, Parameters<typeof ranking>[0]][])('of %s keeps no sums of images', async (_, rank) => {
    const { kept, read } = ranking<readonly unknown[]>(rank)
    expect(read.length).toBeGreaterThan(aggregates.length)
    // A reference that was just made holds until the end of the turn.
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    expect(read.filter((sums) => sums.deref() !== undefined)).toHaveLength(0)
    expect(kept).not.toHaveLength(0)
  })
})
