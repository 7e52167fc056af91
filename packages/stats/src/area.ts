import { BenchError } from '@mate-bench/schema'
import type { CostedAccuracy } from './pareto.ts'

/** A range of costs an image. */
export interface MacsRange {
  readonly fromMacs: number
  readonly toMacs: number
}

const fromMacsPerPixel = 1e3
const toMacsPerPixel = 1e6

/**
 * The cost range of a track. It follows from the size of the images alone, so no entry that is added moves the area
 * of another: from 1,000 to a million MACs a pixel, since a convolution's cost grows with the pixels. That is 1.0 M
 * to 1.0 G for 32 x 32 images, where the papers of bench-specs/references print 56 M to 560 M, and 50 M to 50 G for
 * 224 x 224, where they print 340 M to 3.3 G.
 *
 * @param imageShape height, width, channels
 */
export function trackMacsRange([height, width]: readonly [number, number, number]): MacsRange {
  const pixels = height * width
  return { fromMacs: fromMacsPerPixel * pixels, toMacs: toMacsPerPixel * pixels }
}

/**
 * Area under an entry's accuracy-MACs staircase over a fixed range of log MACs, as a share of the whole: the
 * mean accuracy over budgets drawn evenly on the log axis.
 *
 * At a budget the network answers with its deepest affordable exit: nothing is chosen by looking at test
 * accuracy, so an exit that is worse than an earlier one counts as it is. Below the first exit there is no
 * answer, which counts 0. Of exits with equal cost the later one answers. An exit that is cheaper than the range
 * answers from its start, one that is dearer does not answer: an entry that lies beyond the range has 0.
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
