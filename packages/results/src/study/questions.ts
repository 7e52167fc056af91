import {
  type CrossedComparison,
  compareCrossed,
  compareGains,
  fewestRankedSeeds,
  holmAdjust,
  sumOfProducts,
  sumOverRuns,
} from '@mate-bench/stats'
import { type Difference, differenceOf } from './difference.ts'
import type { StudyEntry, StudyRun } from './study-entries.ts'

/** A question of the protocol, and what the data answer. */
export interface Question {
  readonly id: string
  /** As the page asks it. */
  readonly asks: string
  readonly answers: readonly Answer[]
}

export interface Answer extends Difference {
  /** What minus what, and at which exit. */
  readonly of: string
  readonly k: number | null
  /** Of the side with fewer. */
  readonly seeds: number
}

/** An answer before the correction over its question. */
interface Asked extends CrossedComparison {
  readonly of: string
  readonly k: number | null
  readonly seeds: number
}

const level = 0.05

/** The questions that were asked beforehand; one whose runs are not there yet has no answers. */
export function askQuestions(entries: readonly StudyEntry[]): Question[] {
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const pair = (first: string, second: string) => pairAt(byName.get(first), byName.get(second))
  return [
    question('mate-joint', 'Does MATE beat joint training?', pair('mate', 'joint')),
    question(
      'shallow-gain',
      'Does MATE gain more at exit 1 than at exit 3?',
      gain(byName.get('mate'), byName.get('joint')),
    ),
    question('teachers', 'Do several different teachers for each exit make a difference?', [
      ...pair('mate', 'mate-single-teacher'),
      ...pair('mate', 'mate-equal-teachers'),
    ]),
    question('gradients', 'Does it matter where the gradient of distillation flows?', [
      ...pair('mate', 'mate-weights-gradient'),
      ...pair('mate', 'mate-no-gradient'),
    ]),
    question(
      'alone',
      'Is an exit of joint training as good as the same depth trained alone?',
      [1, 2, 3].flatMap((k) => jointAgainstAlone(byName.get('joint'), byName.get(`alone${k}`), k)),
    ),
  ]
}

/** Holm's correction within the question. */
function question(id: string, asks: string, asked: readonly Asked[]): Question {
  const tested = asked.filter(({ seeds }) => seeds >= fewestRankedSeeds)
  const corrected = holmAdjust(tested.map(({ pValue }) => pValue))
  return {
    id,
    asks,
    answers: asked.map((one) => {
      const at = tested.indexOf(one)
      const adjustedPValue = at < 0 ? 1 : (corrected[at] ?? 1)
      const { of, k, seeds } = one
      return { of, k, seeds, ...differenceOf({ ...one, adjustedPValue, apart: adjustedPValue <= level }) }
    }),
  }
}

function correctAt(runs: readonly StudyRun[], exit: number): Uint8Array[] {
  return runs.flatMap(({ exits }) => exits[exit]?.correct ?? [])
}

const fewer = (a: StudyEntry, b: StudyEntry) => Math.min(a.runs.length, b.runs.length)

function compare(first: StudyEntry, i: number, second: StudyEntry, j: number): CrossedComparison | undefined {
  const [a, b] = [first.aggregate.counts.exits[i], second.aggregate.counts.exits[j]]
  if (!a || !b) return undefined
  const products = sumOfProducts(
    sumOverRuns(correctAt(first.runs, i)),
    sumOverRuns(correctAt(second.runs, j)),
  )
  return compareCrossed(a, b, products)
}

function pairAt(first: StudyEntry | undefined, second: StudyEntry | undefined): Asked[] {
  if (!first || !second) return []
  return first.aggregate.exits.flatMap(({ k }, i) => {
    const compared = compare(first, i, second, i)
    const of = `${first.name} minus ${second.name}`
    return compared ? [{ ...compared, of, k, seeds: fewer(first, second) }] : []
  })
}

function gain(first: StudyEntry | undefined, second: StudyEntry | undefined): Asked[] {
  if (!first || !second) return []
  const last = first.aggregate.exits.length - 1
  const both = ({ runs }: StudyEntry) => ({ at: correctAt(runs, 0), from: correctAt(runs, last) })
  const of = `gain of ${first.name} over ${second.name}, exit 1 minus exit ${last + 1}`
  return [{ ...compareGains(both(first), both(second)), of, k: null, seeds: fewer(first, second) }]
}

function jointAgainstAlone(joint: StudyEntry | undefined, alone: StudyEntry | undefined, k: number): Asked[] {
  const compared = joint && alone && compare(joint, k - 1, alone, 0)
  if (!compared) return []
  return [{ ...compared, of: `joint minus ${alone.name}`, k, seeds: fewer(joint, alone) }]
}
