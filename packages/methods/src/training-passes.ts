import type { MethodNeeds } from './method.ts'

/** Forward passes through the whole network that fall to one image of an epoch, on average over the run. */
export interface TrainingPasses {
  /** Followed by a backward pass. */
  readonly withGradient: number
  readonly withoutGradient: number
}

/** What a method's needs cost in forward passes: 1 and 0 where it needs nothing. */
export function trainingPasses({ views = 1, partners, copy }: MethodNeeds, epochs: number): TrainingPasses {
  const together = partners?.pass === 'together' ? partners.count : 0
  const apart = partners?.pass === 'apart' ? partners.count : 0
  const rows = views + together
  const firstTaken = copy ? Array.from({ length: epochs }, (_, e) => e + 1).find(copy.isTaken) : undefined
  const shareWithCopy = firstTaken === undefined ? 0 : (epochs - firstTaken) / epochs
  return { withGradient: rows, withoutGradient: apart + rows * shareWithCopy }
}
