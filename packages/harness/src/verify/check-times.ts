import { describeDataset, splitCounts } from '@mate-bench/datasets/registry'
import type { Manifest } from '@mate-bench/schema'
import type { Spec } from '../spec.ts'
import { type Report, refuseAny } from './check.ts'

/** A clock that is set while a run trains moves its end; half a minute is more than time servers correct. */
const clockSeconds = 30
const daySeconds = 24 * 60 * 60

/** Holds the times of a run to each other; that they are true, nobody can see in files. */
export async function checkTimes(spec: Spec, { timing }: Manifest, report: Report): Promise<void> {
  await report.check('times', () => {
    const { startedAt, finishedAt, wallSeconds, trainImagesPerSecond } = timing
    const elapsed = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
    const { train } = splitCounts(describeDataset(spec.dataset), spec.dataset)
    const trainSeconds = (train * spec.training.epochs) / trainImagesPerSecond
    const problems: string[] = []
    // A day, for clocks that are set to another time zone's.
    if (Date.parse(finishedAt) > Date.now() + daySeconds * 1000)
      problems.push(`it ends at ${finishedAt}, which is to come`)
    if (elapsed < -clockSeconds) problems.push(`it ended ${-elapsed} seconds before it began`)
    if (!(trainSeconds <= wallSeconds * 1.001)) {
      problems.push(`${trainImagesPerSecond} images a second took ${trainSeconds} of ${wallSeconds} seconds`)
    }
    refuseAny(problems)
    return `${Math.round(wallSeconds)} s of work, ${Math.round(trainImagesPerSecond)} images a second`
  })
}
