/** Who leads a table within each budget, by how much, and how sure that is. */
import type { EntryAggregate, ExitMeans } from '../entry-aggregate.ts'
import { compareTexts, isBaseline, type Rankable, type SumsAt, uniqueNames } from '../entry-table.ts'
import { createKnownPairs, type KnownPairs } from '../known-pairs.ts'
import { once } from '../once.ts'
import { type RankedEntry, type RankingEntry, rankEntries } from '../ranking.ts'
import { boardBudgets, exitWithin } from './budgets.ts'

/** An entry within a budget. */
export interface ClassEntry<S extends EntryAggregate = EntryAggregate> {
  readonly aggregate: S
  /** The exit that answers: the deepest that the budget pays for. */
  readonly exit: ExitMeans
  /** By that exit, among those of all entries. */
  readonly ranking: RankedEntry
}

/** Entries of a table within one budget. */
export interface CostClass<S extends EntryAggregate = EntryAggregate> {
  readonly budgetMacs: number
  /** Best first, entries without a rank behind. */
  readonly entries: readonly ClassEntry<S>[]
}

/**
 * Ranks the entries of one track within each budget, each by the deepest exit that the budget pays for, as `rankEntries`
 * ranks last exits. A budget that changes nothing against the smaller one before it is left out, and so is one that pays
 * for no exit.
 *
 * @param budgets ascending, in sequential MACs an image
 * @param pairs comparisons that were made before
 */
export function costClasses<S extends Rankable>(
  aggregates: readonly S[],
  sumsAt: SumsAt<S>,
  budgets: readonly number[] = boardBudgets,
  pairs: KnownPairs = createKnownPairs(),
): CostClass<S>[] {
  const ordered = [...aggregates].sort((a, b) => compareTexts(a.experimentDigest, b.experimentDigest))
  const names = uniqueNames(ordered)
  let before = ''
  return budgets.flatMap((budgetMacs) => {
    const candidates = ordered.flatMap((aggregate, i) => {
      const exit = exitWithin(aggregate.exits, budgetMacs)
      return exit ? [{ aggregate, exit, name: names[i] ?? '' }] : []
    })
    const answering = candidates.map(({ name, exit }) => `${name} ${exit.k}`).join('\n')
    if (answering === before) return []
    before = answering
    return [{ budgetMacs, entries: rankClass(candidates, sumsAt, pairs) }]
  })
}

interface Candidate<S> {
  readonly aggregate: S
  readonly exit: ExitMeans
  readonly name: string
}

function rankClass<S extends Rankable>(
  candidates: readonly Candidate<S>[],
  sumsAt: SumsAt<S>,
  pairs: KnownPairs,
): ClassEntry<S>[] {
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]))
  const ranking = candidates.flatMap(({ aggregate, exit: { k }, name }): RankingEntry[] => {
    const counts = aggregate.counts.exits[k - 1]
    const { disputed = false } = aggregate
    if (!counts) return []
    return [
      { name, counts, sums: once(() => sumsAt(aggregate, k)), baseline: isBaseline(aggregate), disputed },
    ]
  })
  return rankEntries(ranking, { pairs }).flatMap((ranked) => {
    const own = byName.get(ranked.name)
    return own ? [{ aggregate: own.aggregate, exit: own.exit, ranking: ranked }] : []
  })
}
