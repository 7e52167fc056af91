import type { BootstrapInterval } from '@mate-bench/stats'
import { intervalText } from '../../view/numbers.ts'

/** An interval, marked where it rests on one seed. */
export function IntervalOf({ interval }: { interval: BootstrapInterval | undefined }) {
  if (!interval) return null
  return (
    <>
      {intervalText(interval)}
      {interval.coversSeeds ? null : (
        <span title="One seed: the interval covers the test images, not the choice of the seed"> 1 seed</span>
      )}
    </>
  )
}
