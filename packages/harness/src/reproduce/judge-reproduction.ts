import { canonicalJson } from '@mate-bench/provenance'
import {
  equivalenceMargins,
  type Manifest,
  type RetrainingEvidence,
  type VerdictName,
} from '@mate-bench/schema'
import { percent, scientific, signedPercent } from '@mate-bench/schema/numbers'
import { type Equivalence, equivalenceTest, type SeedSummary, summariseSeeds } from '@mate-bench/stats'
import { type Circumstance, compareCircumstances } from './circumstances.ts'
import { type Comparison, compareRuns, distanceOf, sameFile, sameNumber } from './compare-runs.ts'

export interface Reproduction {
  readonly published: Manifest
  /** The same spec trained again: the published run's seed first, then any others. */
  readonly repeated: readonly [Manifest, ...Manifest[]]
  /** Top-1 of each exit over the published seeds of the entry, shallowest first. */
  readonly entry: readonly SeedSummary[]
}

/** What came of training a published run again: exactly one verdict, and what it rests on. */
export interface Judgement {
  readonly verdict: VerdictName
  /** Of an inconsistent one: whether a difference is shown, or equality is not. */
  readonly differenceShown: boolean
  /** One sentence for a table's row. */
  readonly summary: string
  /** Why it may differ, most likely cause first; undefined where bytes or numbers are the same. */
  readonly cause: string | undefined
  readonly evidence: RetrainingEvidence
  readonly comparison: Comparison
  readonly circumstances: readonly Circumstance[]
}

/** Of all exits together: a difference counts as shown at this level. */
const shownAlpha = 0.05

/**
 * Judges a repeated training.
 *
 * - `identical`: files and numbers are the same
 * - `equal`: every number agrees within `sameWithin`
 * - `consistent`: bits are not asked for, and top-1 of every exit is equivalent to the entry's over seeds (two one-sided
 *   t-tests at 5 %, within the margin of the track's protocol)
 * - `inconsistent`: otherwise. A difference is shown where the bits had to be the same, where it is not the same experiment,
 *   or where the interval of an exit's difference lies beyond the margin
 */
export function judgeReproduction({ published, repeated, entry }: Reproduction): Judgement {
  const [first] = repeated
  const comparison = compareRuns(published, first)
  const circumstances = compareCircumstances(published, first)
  const differing = comparison.numbers.filter((pair) => !sameNumber(pair)).length
  const largestDifference = Math.max(0, ...comparison.numbers.map(distanceOf))
  const evidence: RetrainingEvidence = {
    check: 'retraining',
    numbers: comparison.numbers.length,
    differing,
    largestDifference,
    sameFiles: comparison.files.every(sameFile),
    seeds: repeated.map(({ seed }) => seed),
    equivalence: null,
    differences: circumstances
      .filter(({ same }) => !same)
      .map(({ what, published: was, here }) => ({ what, published: was, here })),
  }
  const common = { evidence, comparison, circumstances, cause: undefined, differenceShown: false }
  if (comparison.match === 'identical') {
    const summary = `trained again with seed ${first.seed}: the same bytes, all ${evidence.numbers} numbers equal`
    return { ...common, verdict: 'identical', summary }
  }
  if (comparison.match === 'equal') {
    const summary = `trained again with seed ${first.seed}: all ${evidence.numbers} numbers within ${scientific(largestDifference)}`
    return { ...common, verdict: 'equal', summary }
  }
  const cause = likelyCause(published, first, comparison, circumstances)
  const inconsistent = (differenceShown: boolean, what: string, own = evidence): Judgement => ({
    ...{ ...common, evidence: own, cause, differenceShown },
    verdict: 'inconsistent',
    summary: `trained again with seed ${first.seed}: ${what}`,
  })
  if (!sameExperiment(published, first)) {
    return inconsistent(true, 'it is not the same experiment')
  }
  if (bitsMustAgree(published, first, circumstances)) {
    const what = `${differing} of ${evidence.numbers} numbers differ, though code, backend and settings are the same`
    return inconsistent(true, what)
  }
  const margin = equivalenceMargins[published.track.protocol.version] ?? 0
  const exits = published.results.exits.map(({ k }, i) => {
    const ours = summariseSeeds(repeated.map(({ results }) => results.exits[i]?.top1 ?? 0))
    const theirs = entry[i] ?? summariseSeeds([published.results.exits[i]?.top1 ?? 0])
    return { k, ours, theirs, test: equivalenceTest(ours, theirs, { margin }) }
  })
  const tested = exits.flatMap(({ k, test }) => (test ? [{ k, test }] : []))
  if (tested.length < exits.length) {
    return inconsistent(
      false,
      'with one seed on either side nothing tells how far seeds spread; train more of them',
    )
  }
  const publishedSeeds = exits[0]?.theirs.n ?? 0
  const judged = {
    ...evidence,
    equivalence: {
      margin,
      publishedSeeds,
      exits: tested.map(({ k, test: { difference, lower, upper, equivalent } }) => ({
        ...{ k, difference, lower, upper, equivalent },
      })),
    },
  }
  const worst = tested.reduce((a, b) => (Math.abs(b.test.difference) > Math.abs(a.test.difference) ? b : a))
  const apart = `exit ${worst.k} is ${points(worst.test.difference)} from the entry’s mean of ${publishedSeeds} seeds`
  if (tested.every(({ test }) => test.equivalent)) {
    const summary = `trained again with ${seedsText(evidence.seeds)}: equivalent within ${points(margin, false)}; ${apart}`
    return { ...common, evidence: judged, cause, verdict: 'consistent', summary }
  }
  const shown = exits.some(({ ours, theirs }) => {
    // Two-sided, over all exits: the interval must lie wholly beyond the margin.
    const strict = equivalenceTest(ours, theirs, { margin, alpha: shownAlpha / (2 * exits.length) })
    return isBeyond(strict, margin)
  })
  return shown
    ? inconsistent(true, `${apart}, more than ${points(margin, false)}`, judged)
    : inconsistent(
        false,
        `not shown to be equivalent within ${points(margin, false)}: ${apart}; more seeds would tell`,
        judged,
      )
}

function isBeyond(test: Equivalence | null, margin: number): boolean {
  return test !== null && (test.lower > margin || test.upper < -margin)
}

/** The same spec but for what names it, on the same track. */
function sameExperiment(published: Manifest, here: Manifest): boolean {
  return published.track.digest === here.track.digest && experimentOf(published) === experimentOf(here)
}

function experimentOf({ spec }: Manifest): string {
  const { $schema: _, name: _name, description: _description, seeds: _seeds, ...experiment } = spec
  return canonicalJson(experiment)
}

/** What decides the bits besides the code: WebAssembly computes the same on every processor. */
const decisive = ['commit', 'uncommitted changes', 'lockfile', 'backend', 'threads', 'settings', 'Node.js']
const ofMachine = ['processor', 'GPU']

/** Whether spec and seed must give the same bits: deterministic runs of one code with one backend. */
function bitsMustAgree(published: Manifest, here: Manifest, circumstances: readonly Circumstance[]): boolean {
  const needed = published.environment.backend.name === 'wasm' ? decisive : [...decisive, ...ofMachine]
  const agree = needed.every((name) => circumstances.find(({ what }) => what === name)?.same)
  return published.deterministic && here.deterministic && agree && sameTeachers(published, here)
}

/** Whether both learned from the same weights. */
function sameTeachers({ teachers: a = [] }: Manifest, { teachers: b = [] }: Manifest): boolean {
  return a.length === b.length && a.every(({ weightsSha256 }, i) => weightsSha256 === b[i]?.weightsSha256)
}

/** The first of these that differs, since each decides more than those behind it. */
const causes: readonly (readonly [what: string, why: string])[] = [
  ['commit', 'the code'],
  ['uncommitted changes', 'code that nobody committed'],
  ['lockfile', 'the libraries'],
  ['backend', 'the backend'],
  ['settings', 'the settings of the backend'],
  ['threads', 'the number of threads'],
  ['GPU', 'the GPU'],
  ['processor', 'the processor'],
  ['Node.js', 'the version of Node.js'],
]

function likelyCause(
  published: Manifest,
  here: Manifest,
  { files, sameTrack }: Comparison,
  circumstances: readonly Circumstance[],
): string {
  if (!sameTrack) return 'the tracks differ: it was not trained and judged on the same images in the same way'
  if (experimentOf(published) !== experimentOf(here)) return 'the specs differ'
  if (files.every(sameFile)) return 'the files are the published ones: the published numbers are not theirs'
  if (!sameTeachers(published, here)) return 'the teachers: it learned from other weights'
  for (const [name, why] of causes) {
    const found = circumstances.find(({ what, same }) => what === name && !same)
    if (found) return `${why}: published ${found.published}, here ${found.here}`
  }
  if (!published.deterministic) return 'the published run is not the same every time'
  return 'nothing that the manifests say explains it: the published files may not come of this training'
}

function seedsText(seeds: readonly number[]): string {
  return seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`
}

/** `+0.42 points` of top-1. */
function points(share: number, signed = true): string {
  return `${signed ? signedPercent(share) : percent(share)} points`
}
