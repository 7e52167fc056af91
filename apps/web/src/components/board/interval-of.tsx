import type { AccuracyInterval } from '@mate-bench/stats'
import { intervalText } from '../../view/numbers.ts'

const oneSeed = {
  track: "One seed: the spread between seeds is taken from the track's other entries",
  unknown: 'One seed: the interval covers the test images, not the choice of the seed',
} as const

/** An interval, marked where it rests on one seed. */
export function IntervalOf({ interval }: { interval: AccuracyInterval | undefined }) {
  if (!interval) return null
  return (
    <>
      {intervalText(interval)}
      {interval.seedShare === 'own' ? null : <span title={oneSeed[interval.seedShare]}> 1 seed</span>}
    </>
  )
}
