import { BenchError } from '@mate-bench/schema'
import type { CostedAccuracy } from './pareto.ts'

/** The cost range of a track, fixed once so that areas can be compared across entries. */
export interface MacsRange {
  readonly fromMacs: number
  readonly toMacs: number
}

/**
 * Area under an entry's accuracy-MACs staircase over a fixed range of log MACs, as a share of the whole: the
 * mean accuracy over budgets drawn evenly on the log axis.
 *
 * At a budget the network answers with its deepest affordable exit: nothing is chosen by looking at test
 * accuracy, so an exit that is worse than an earlier one counts as it is. Below the first exit there is no
 * answer, which counts 0. Of exits with equal cost the later one answers.
 *
 * @param exits of one entry, in any order
 * @returns a number in [0, 1]
 * @throws BenchError `bad-input` for an empty or unusable range
 */
export function areaUnderCurve(exits: readonly CostedAccuracy[], { fromMacs, toMacs }: MacsRange): number {
  if (!(fromMacs > 0 && toMacs > fromMacs && Number.isFinite(toMacs)))
    throw new BenchError({
      code: 'bad-input',
      message: `The range from ${fromMacs} to ${toMacs} MACs is empty or not positive.`,
      path: 'range',
    })
  const clamped = (macs: number) => Math.log(Math.min(toMacs, Math.max(fromMacs, macs)))
  const ordered = [...exits].sort((a, b) => a.sequentialMacs - b.sequentialMacs)
  let area = 0
  ordered.forEach(({ sequentialMacs, top1 }, k) => {
    const next = ordered[k + 1]?.sequentialMacs ?? toMacs
    area += top1 * (clamped(next) - clamped(sequentialMacs))
  })
  return area / (Math.log(toMacs) - Math.log(fromMacs))
}
