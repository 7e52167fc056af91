/** What an engineer asks of a table: how accurate within a budget, and how cheap for an accuracy. */
import { BenchError } from '@mate-bench/schema'

interface Costed {
  readonly sequentialMacs: number
}

interface CostedExit extends Costed {
  readonly top1: { readonly mean: number }
}

/** Budgets that boards of every dataset share, in MACs an image: fixed, so that no entry moves another's figures. */
export const boardBudgets = [1e6, 1e7, 1e8, 1e9] as const

/**
 * The exit that answers within a budget: the deepest that costs no more. Nothing is chosen by test accuracy, so an exit
 * that is worse than an earlier one counts as it is; of equal costs the later answers.
 *
 * @param exits of one entry, shallowest first
 * @param budgetMacs sequential MACs an image
 * @returns undefined where even the first exit costs more
 * @throws BenchError `bad-input` for a budget that is not positive
 */
export function exitWithin<E extends Costed>(exits: readonly E[], budgetMacs: number): E | undefined {
  if (!(budgetMacs > 0)) {
    throw new BenchError({
      code: 'bad-input',
      message: `A budget of ${budgetMacs} MACs is not positive.`,
      path: 'budget',
    })
  }
  return exits
    .filter(({ sequentialMacs }) => sequentialMacs <= budgetMacs)
    .reduce<E | undefined>(
      (deepest, exit) => (deepest && deepest.sequentialMacs > exit.sequentialMacs ? deepest : exit),
      undefined,
    )
}

/**
 * The cheapest exit whose mean top-1 over seeds is at least `top1`. It is read off the test images: a description of what
 * was measured, not a promise for other images.
 *
 * @param top1 a share of right answers
 * @returns undefined where no exit reaches it
 */
export function cheapestReaching<E extends CostedExit>(exits: readonly E[], top1: number): E | undefined {
  return exits
    .filter((exit) => exit.top1.mean >= top1)
    .reduce<E | undefined>(
      (cheapest, exit) => (cheapest && cheapest.sequentialMacs <= exit.sequentialMacs ? cheapest : exit),
      undefined,
    )
}
