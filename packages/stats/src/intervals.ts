/** The interval of a share, and the spread over seeds. */

import { BenchError } from '@mate-bench/schema'
import { normalQuantile } from './special.ts'

export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** Refuses a level that is not a probability strictly between 0 and 1. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new BenchError({
      code: 'bad-input',
      message: `The level is ${level}, not a number between 0 and 1.`,
      path: 'level',
    })
}

/**
 * Wilson's score interval for a share.
 *
 * Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.
 *
 * @param successes images that are right; no whole number where `count` is none
 * @param count images, more than 0; an effective number where their noise is not all
 * @param options.quantile of the standard normal distribution, or of another in its place
 * @returns an interval inside [0, 1]
 */
export function wilsonInterval(
  successes: number,
  count: number,
  { quantile = normalQuantile(0.975) }: { readonly quantile?: number } = {},
): Interval {
  if (!(count > 0 && successes >= 0 && successes <= count))
    throw new BenchError({
      code: 'bad-input',
      message: `${successes} of ${count} is not a share.`,
      path: 'successes',
    })
  const z2 = quantile ** 2
  const share = successes / count
  const centre = share + z2 / (2 * count)
  const half = Math.sqrt(z2 * ((share * (1 - share)) / count + z2 / (4 * count * count)))
  const scale = 1 + z2 / count
  return {
    // At the ends the bound is exactly 0 or 1; a rounding error must not show there.
    lower: successes === 0 ? 0 : Math.max(0, (centre - half) / scale),
    upper: successes === count ? 1 : Math.min(1, (centre + half) / scale),
  }
}

/** What a number does over seeds. */
export interface SeedSummary {
  /** How many seeds. */
  readonly n: number
  readonly mean: number
  /** Sample standard deviation (n - 1); null for one seed. */
  readonly sd: number | null
}

/** @throws BenchError `bad-input` for no values at all */
export function summariseSeeds(values: readonly number[]): SeedSummary {
  const n = values.length
  if (n === 0)
    throw new BenchError({ code: 'bad-input', message: 'There is no seed to summarise.', path: 'values' })
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { n, mean, sd: n === 1 ? null : Math.sqrt(squares / (n - 1)) }
}
