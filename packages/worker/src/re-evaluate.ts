import { type Check, verifyRun } from '@mate-bench/harness/verify'
import { BenchError, type ReEvaluationEvidence, type VerdictName } from '@mate-bench/schema'
import { scientific } from '@mate-bench/schema/numbers'
import { withoutPaths } from './without-paths.ts'

/** What came of running the published weights on every image. */
export interface ReEvaluation {
  readonly verdict: Extract<VerdictName, 'equal' | 'inconsistent'>
  /** One sentence for a table's row. */
  readonly summary: string
  /** The checks that failed; undefined where none did. */
  readonly cause: string | undefined
  readonly evidence: ReEvaluationEvidence
}

export interface ReEvaluateOptions {
  readonly dataFolder?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onCheck?: ((check: Check) => void) | undefined
}

const notDecided =
  'This decides nothing about the run. Fix the problem on the worker’s machine, then ask for the check again.'

/**
 * Checks the folder of a published run with its weights on every image of both splits, and says how far off they are.
 *
 * @throws BenchError `data-missing` where images, memory or files are not at hand here: the run’s own files passed when they were
 *   published; `interrupted`
 */
export async function reEvaluate(folder: string, options: ReEvaluateOptions = {}): Promise<ReEvaluation> {
  const { checks, rerun, gaveUp } = await verifyRun(folder, { ...options, full: true })
  const failed = checks.filter(({ ok }) => !ok)
  const faulty = failed.find(({ fault }) => fault === 'machine')
  if (faulty) {
    throw new BenchError({
      code: 'data-missing',
      message: `It can't be re-evaluated here: ${faulty.name}: ${faulty.detail}`,
      path: folder,
      hint: notDecided,
    })
  }
  const unchecked = checks.find(({ outcome }) => outcome === 'unchecked')
  if (gaveUp || (failed.length === 0 && (unchecked || !rerun.test))) {
    throw new BenchError({
      code: 'data-missing',
      message: `It can't be re-evaluated here: ${gaveUp ? failed.at(-1)?.detail : (unchecked?.detail ?? 'its weights were not run')}`,
      path: folder,
      hint: notDecided,
    })
  }
  const {
    images = 0,
    predictions = 0,
    otherClasses = 0,
    largestDifference = 0,
    tolerance = 0,
  } = rerun.test ?? {}
  const evidence = {
    check: 're-evaluation' as const,
    ...{ images, predictions, otherClasses, largestDifference, tolerance },
  }
  if (failed.length > 0) {
    const cause = withoutPaths(failed.map(({ name, detail }) => `${name}: ${detail}`).join(' '))
    const summary = `its files do not hold: ${failed.map(({ name }) => name).join(', ')}`
    return { verdict: 'inconsistent', summary, cause: cause.slice(0, 2000), evidence }
  }
  const classes = otherClasses === 0 ? 'all equal' : `${otherClasses} of them tied with another class`
  const distance =
    largestDifference === 0
      ? 'log-probabilities the same to the last bit'
      : `log-probabilities within ${scientific(largestDifference)}`
  const summary = `the weights give the ${predictions} predictions on ${images} test images, ${classes}; ${distance}`
  return { verdict: 'equal', summary, cause: undefined, evidence }
}
