import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costClasses } from './board/cost-classes.ts'
import { aggregateEntry, correctAt, type EntryRun, selectRuns } from './entry-aggregate.ts'
import { rankAggregates } from './entry-table.ts'
import { sumOverRuns } from './image-sums.ts'
import { createKnownPairs, type KnownPairs } from './known-pairs.ts'
import { createRandom } from './random.ts'

const images = 60

/** An entry of so many seeds, right on about this share of the images. */
function entry(name: string, method: string, share: number, seeds: number) {
  const runs = Array.from({ length: seeds }, (_, i): EntryRun => {
    const random = createRandom(i + 1, `${name}/${share}`)
    const result = (top1: number) => {
      const correct = Uint8Array.from({ length: images }, () => (random.uniform() < top1 ? 1 : 0))
      const right = correct.reduce((sum, one) => sum + one, 0)
      return { top1: right / images, top5: 1, nll: 1, ece: 0.1, auroc: null, correct }
    }
    const exit = (k: number) => ({
      ...result(share - 0.1 * (2 - k)),
      ...{ k, after: `stage${k}`, isolatedMacs: k * 4e5, sequentialMacs: k * 8e5, parameters: k },
    })
    return {
      ...{ runId: `${name}-${i}`, experimentDigest: name, specDigest: name, name, method, seed: i + 1 },
      ...{ finishedAt: '2026-01-01', parameters: 2, exits: [exit(1), exit(2)], ensemble: result(share) },
    }
  })
  const selected = selectRuns(runs)
  return { ...aggregateEntry(selected), selected, disputed: false }
}

type Entry = ReturnType<typeof entry>
const sumsAt = ({ selected }: Entry, k: number) => sumOverRuns(correctAt(selected.runs, k - 1))

function tableOf(entries: readonly Entry[], pairs?: KnownPairs) {
  return {
    ranked: rankAggregates(entries, sumsAt, pairs),
    classes: costClasses(entries, sumsAt, undefined, pairs),
  }
}

const change = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  method: fc.constantFrom('joint', 'mate'),
  share: fc.double({ min: 0.2, max: 0.95, noNaN: true }),
  /** 0 takes the entry away. */
  seeds: fc.nat(3),
})

describe('pairs that were compared before', () => {
  it('change no number of a table, whatever is published, changed or withdrawn', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const present = new Map<string, Entry>()
        let known: KnownPairs | undefined
        for (const { name, method, share, seeds } of changes) {
          if (seeds === 0) present.delete(name)
          else present.set(name, entry(name, method, share, seeds))
          known = createKnownPairs(known)
          const table = tableOf([...present.values()], known)
          known.settle()
          expect(table).toEqual(tableOf([...present.values()]))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('need the sums of nothing that was compared', () => {
    const entries = [entry('a', 'joint', 0.8, 2), entry('b', 'mate', 0.7, 3), entry('c', 'mate', 0.3, 1)]
    const before = createKnownPairs()
    const table = tableOf(entries, before)
    const asked: string[] = []
    const again = rankAggregates(
      entries,
      ({ specName }) => {
        asked.push(specName)
        return undefined
      },
      createKnownPairs(before),
    )
    expect(asked).toEqual([])
    expect(again).toEqual(table.ranked)
  })
})
