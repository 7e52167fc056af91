import type { Comparison, ExitSummary } from '@mate-bench/stats'
import type { BoardEntry, BoardTable, BudgetClass } from '../data/board-table.ts'

/** Who leads within a budget, and how sure that is. */
export interface Leader {
  readonly budgetMacs: number
  readonly entry: BoardEntry
  /** The exit that answers: the deepest that the budget pays for. */
  readonly exit: ExitSummary
  /** Whether it has several seeds; one of a single seed leads nobody. */
  readonly isRanked: boolean
  /** Joint training within the budget, and by how much the leader is ahead of it; null where there is none, or it leads. */
  readonly joint: { readonly entry: BoardEntry; readonly comparison: Comparison } | null
  /** How many entries are ranked within the budget. */
  readonly ranked: number
  /** Others that do not differ significantly from it, best first. */
  readonly tied: readonly BoardEntry[]
}

/** The leader of each budget, cheapest first; where none has several seeds, the one with the highest mean. */
export function leadersOf({ classes, entries }: Pick<BoardTable, 'classes' | 'entries'>): Leader[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  return classes.flatMap((budget) => leaderOf(budget, byId) ?? [])
}

function leaderOf(
  { budgetMacs, entries }: BudgetClass,
  byId: ReadonlyMap<string, BoardEntry>,
): Leader | null {
  const [first] = entries
  if (!first) return null
  const entry = byId.get(first.id)
  const exit = entry?.exits[first.k - 1]
  if (!entry || !exit || entry.disputed) return null
  const comparison = first.ranking.againstBaseline
  const joint = comparison && entries.find(({ ranking }) => ranking.name === comparison.other)
  const jointEntry = joint && byId.get(joint.id)
  const isRanked = first.ranking.rank !== null
  const tied = isRanked ? entries.slice(1).filter(({ ranking }) => ranking.rank === 1) : []
  return {
    ...{ budgetMacs, entry, exit, isRanked },
    ranked: entries.filter(({ ranking }) => ranking.rank !== null).length,
    joint: comparison && jointEntry && isRanked ? { entry: jointEntry, comparison } : null,
    tied: tied.flatMap(({ id }) => byId.get(id) ?? []),
  }
}

/** Names of methods, each once, in the order given. */
export function methodsOf(entries: readonly Pick<BoardEntry, 'method'>[]): string[] {
  return [...new Set(entries.map(({ method }) => method))]
}
