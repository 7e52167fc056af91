import type { BegunRun } from '@mate-bench/store'
import { plural } from './numbers.ts'

type Begun = Pick<BegunRun, 'seed' | 'standing' | 'registered' | 'reason' | 'runId'>

/** What became of the runs that were begun, as one sentence; undefined where the ledger knows none. */
export function begunText(begun: readonly Begun[]): string | undefined {
  if (begun.length === 0) return undefined
  const count = (standing: Begun['standing']) => begun.filter((run) => run.standing === standing).length
  const ends = [
    `${count('finished')} finished`,
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
    ...(count('withdrawn') > 0 ? [`${count('withdrawn')} withdrawn`] : []),
    ...(count('started') > 0 ? [`${count('started')} not heard from since`] : []),
  ]
  const unseen = begun.filter(({ registered }) => !registered).length
  const seen = begun.length - unseen
  const who = seen === 0 ? 'None was' : `${seen} of them ${seen === 1 ? 'was' : 'were'}`
  const note = unseen > 0 ? ` ${who} registered before training.` : ''
  const seeds = new Set(begun.map(({ seed }) => seed)).size
  return `${plural(begun.length, 'run')} of ${plural(seeds, 'seed')} started: ${ends.join(', ')}.${note}`
}

/** Runs of seeds of which nothing is published: what a selection by result would leave out. */
export function missingRuns<Run extends Begun>(begun: readonly Run[]): Run[] {
  const published = new Set(begun.filter(({ standing }) => standing === 'finished').map(({ seed }) => seed))
  return begun.filter(({ seed }) => !published.has(seed))
}

/** What became of a run, in words. */
export const standingWords = {
  started: 'not heard from since',
  finished: 'finished',
  failed: 'failed',
  withdrawn: 'withdrawn',
} as const

/** A run that is missing, in a few words: `seed 4 (failed)`. */
export function missingText({ seed, standing }: Pick<Begun, 'seed' | 'standing'>): string {
  return `seed ${seed} (${standingWords[standing]})`
}

/** How many missing runs a sentence names: a key can begin hundreds. */
const namedAtMost = 10

/**
 * Runs that are missing, as a list in a sentence.
 * @param count of all of them, where `missing` are the first
 */
export function missingList(
  missing: readonly Pick<Begun, 'seed' | 'standing'>[],
  count = missing.length,
): string {
  const named = missing.slice(0, namedAtMost)
  const more = count - named.length
  const list = named.map(missingText).join(', ')
  return more > 0 ? `${list} and ${more} more` : list
}
