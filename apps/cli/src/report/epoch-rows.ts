import type { LoadedRun } from '@mate-bench/harness/entries'
import { z } from 'zod'

const exits = z.array(z.object({ k: z.number(), top1: z.number() }))
const row = z.object({ epoch: z.number(), train: exits, validation: exits })

export type EpochRow = z.output<typeof row>

/** The rows of a run's learning curve that can be read; others (of another version) are left out. */
export function epochRows({ epochs }: LoadedRun): EpochRow[] {
  return epochs.flatMap((candidate) => {
    const parsed = row.safeParse(candidate)
    return parsed.success ? [parsed.data] : []
  })
}
