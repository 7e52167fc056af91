import { type Check, checkOf } from './check.ts'
import type { RunFingerprint } from './fingerprint.ts'

/**
 * What two runs say of each other:
 *
 * - `copy`: two seeds share predictions, weights or learning curve to the last bit. Another
 *   seed draws other weights, so no honest run does
 * - `near-copy`: they are not equal, and nearer than two trainings come
 * - `same-elsewhere`: one seed gave the same in two experiments: they train the same, or one was copied
 * - `disagreement`: one experiment and seed gave different predictions: another machine or backend, or one was changed
 */
export interface RunRelation {
  readonly kind: 'copy' | 'near-copy' | 'same-elsewhere' | 'disagreement'
  /** The later of the two in the list. */
  readonly run: RunFingerprint
  readonly other: RunFingerprint
  /** What is equal or near, such as `predictions and weights`. */
  readonly what: string
}

/** Compares every run with those before it, on the same track. */
export function relateRuns(runs: readonly RunFingerprint[]): RunRelation[] {
  return runs.flatMap((run, i) => runs.slice(0, i).flatMap((other) => relate(run, other) ?? []))
}

function relate(run: RunFingerprint, other: RunFingerprint): RunRelation | undefined {
  if (run.trackDigest !== other.trackDigest || run.runId === other.runId) return undefined
  const equal = equalParts(run, other)
  const sameSeed = run.seed === other.seed
  const sameExperiment = run.experimentDigest === other.experimentDigest
  const relation = (kind: RunRelation['kind'], what: string): RunRelation => ({ kind, run, other, what })
  if (sameSeed && sameExperiment) {
    return run.predictions === other.predictions ? undefined : relation('disagreement', 'predictions')
  }
  if (equal.length > 0) return relation(sameSeed ? 'same-elsewhere' : 'copy', equal.join(' and '))
  const share = nearShare(run.labelLogProbability, other.labelLogProbability)
  return share !== undefined && share >= nearCopyShare ? relation('near-copy', 'predictions') : undefined
}

function equalParts(run: RunFingerprint, other: RunFingerprint): string[] {
  return (['predictions', 'weights', 'curve'] as const)
    .filter((part) => run[part] !== null && run[part] === other[part])
    .map((part) => (part === 'curve' ? 'learning curve' : part))
}

/** Two trainings that differ in nothing but their seed come to about 3 % of images. */
const nearCopyShare = 0.5
/** How near two log-probabilities are that count as near: relative to them, and to how much images differ. */
const nearness = { ofValue: 0.02, ofSpread: 0.05 }
/** Of images whose label is all but certain, log-probabilities are near 0 whoever trained. */
const certain = -0.05
const imagesAtLeast = 20

/**
 * Share of images, of those that are not certain, whose label's log-probability is nearly the same; undefined where there
 * are too few of them to say.
 */
export function nearShare(a: Float32Array, b: Float32Array): number | undefined {
  if (a.length !== b.length) return undefined
  const uncertain = [...a.keys()].filter((i) => Math.min(a[i] as number, b[i] as number) <= certain)
  if (uncertain.length < imagesAtLeast) return undefined
  const own = uncertain.map((i) => a[i] as number)
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length
  const spread = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length)
  const near = uncertain.filter((i) => {
    const [x, y] = [a[i] as number, b[i] as number]
    const ofValue = nearness.ofValue * Math.max(Math.abs(x), Math.abs(y))
    return Math.abs(x - y) <= Math.min(ofValue, nearness.ofSpread * spread)
  })
  return near.length / uncertain.length
}

/** The relation as a sentence about the later run that begins with what they share. */
export function relationText({ kind, other, what }: RunRelation): string {
  const them = `${nameOf(other)} (${other.runId})`
  switch (kind) {
    case 'copy':
      return `its ${what} are identical to those of ${them}, another training: one of them is a copy`
    case 'near-copy':
      return `its ${what} are nearer to those of ${them} than two trainings come`
    case 'same-elsewhere':
      return `its ${what} are identical to those of ${them}, in another experiment`
    case 'disagreement':
      return `its ${what} differ from those of ${them}, which has the same experiment and seed`
  }
}

/** The relation as a check of the later run: a copy is refused, everything else is worth a look. */
export function relationCheck(relation: RunRelation): Check {
  return checkOf('other runs', relation.kind === 'copy' ? 'failed' : 'flagged', relationText(relation))
}

/** A run by its spec and seed. */
export function nameOf({ specName, seed }: RunFingerprint): string {
  return `${specName} seed ${seed}`
}
