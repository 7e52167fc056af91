import { z } from 'zod'

const exits = z.array(z.object({ k: z.number(), top1: z.number() }))
const row = z.object({ epoch: z.number(), train: exits, validation: exits })

export type EpochRow = z.output<typeof row>

/** The rows of `metrics.jsonl` that can be read; others (of another version) are left out. */
export function epochRows(epochs: readonly unknown[]): EpochRow[] {
  return epochs.flatMap((candidate) => {
    const parsed = row.safeParse(candidate)
    return parsed.success ? [parsed.data] : []
  })
}

export interface LearningCurvePoint {
  /** 1-based. */
  readonly epoch: number
  /** Share in [0, 1]: mean over runs, and the least and the largest of them. */
  readonly top1: number
  readonly lowest: number
  readonly highest: number
}

/** Top-1 of exit k over epochs, over the runs that have it. */
export function learningCurve(
  runs: readonly (readonly EpochRow[])[],
  split: 'train' | 'validation',
  k: number,
): LearningCurvePoint[] {
  const byEpoch = new Map<number, number[]>()
  for (const { epoch, [split]: results } of runs.flat()) {
    const value = results.find((exit) => exit.k === k)?.top1
    if (value !== undefined) byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), value])
  }
  return [...byEpoch]
    .sort(([a], [b]) => a - b)
    .map(([epoch, values]) => ({
      epoch,
      top1: values.reduce((sum, value) => sum + value, 0) / values.length,
      lowest: Math.min(...values),
      highest: Math.max(...values),
    }))
}

/** What the curves are best drawn of: validation, where the runs have one. */
export function learningSplit(runs: readonly (readonly EpochRow[])[]): 'train' | 'validation' {
  return runs.some((rows) => rows.some(({ validation }) => validation.length > 0)) ? 'validation' : 'train'
}
