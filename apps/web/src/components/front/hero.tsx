import type { ReactNode } from 'react'
import { WaysOn } from './ways-on.tsx'

interface HeroProps {
  readonly hasBoard: boolean
  /** What the results say. */
  readonly children: ReactNode
}

/** What this site is, for somebody who has never seen it, and beside it what it has found. */
export function Hero({ hasBoard, children }: HeroProps) {
  return (
    <div className="grid gap-x-10 gap-y-5 lg:grid-cols-[minmax(0,4fr)_minmax(0,5fr)]">
      <div>
        <h1>Which training method makes early exits better?</h1>
        <p className="mt-3 max-w-[62ch] text-[1.07rem]">
          MATE Bench trains early-exit image classifiers under one recipe, measures accuracy and cost at every
          exit, and publishes the runs: compare methods here, and check any of our results on your own
          machine.
        </p>
        <WaysOn hasBoard={hasBoard} />
      </div>
      {children}
    </div>
  )
}
