import { boardBudgets, exitWithin } from '@mate-bench/stats'
import type { BoardEntry } from '../data/board-table.ts'
import type { SortKey } from './board-params.ts'

/** Sort keys of the board's budgets, in their order. */
const budgetSorts = [
  'within-1m',
  'within-10m',
  'within-100m',
  'within-1g',
] as const satisfies readonly SortKey[]

/** The budget of a sort key; undefined for one of something else. */
export function budgetOfSort(sort: SortKey): number | undefined {
  return boardBudgets.find((_, i) => budgetSorts[i] === sort)
}

/** A budget that is worth a column of a table. */
export interface BudgetColumn {
  readonly budgetMacs: number
  readonly sort: SortKey
}

/**
 * The budgets within which an entry of the table answers, and another does not or only by an earlier exit than its
 * last: a column of any other budget would say nothing, or what the column of the last exits says.
 */
export function budgetColumns(entries: readonly Pick<BoardEntry, 'exits'>[]): BudgetColumn[] {
  return boardBudgets.flatMap((budgetMacs, i) => {
    const sort = budgetSorts[i]
    const answers = entries.map(({ exits }) => exitWithin(exits, budgetMacs))
    const isLast = entries.every(({ exits }, e) => answers[e] === exits.at(-1))
    return sort === undefined || isLast || answers.every((exit) => exit === undefined)
      ? []
      : [{ budgetMacs, sort }]
  })
}

/**
 * The accuracy for which a table gives costs where the reader names none: what half of its entries reach with their last
 * exits, rounded down to 5 points, and from 90 % on to one.
 *
 * @returns in percent; undefined for a table without entries
 */
export function usualTarget(entries: readonly Pick<BoardEntry, 'ranking'>[]): number | undefined {
  const means = entries.map(({ ranking }) => 100 * ranking.mean).sort((a, b) => b - a)
  const median = means[Math.floor((means.length - 1) / 2)]
  if (median === undefined) return undefined
  return median >= 90 ? Math.floor(median) : Math.max(5, 5 * Math.floor(median / 5))
}
