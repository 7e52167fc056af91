import type { ArtifactRole, Manifest } from '@mate-bench/schema'

/**
 * How far two numbers may be apart and still count as the same: sums in another order differ in the last bits of
 * single precision, and one image of ten thousand is a hundred times this.
 */
export const sameWithin = 1e-6

export interface NumberPair {
  /** `exit 2`, `ensemble`, `budgeted curve`, … */
  readonly group: string
  readonly name: string
  /** Null as in the manifest, undefined where one of the two has no such number. */
  readonly published: number | null | undefined
  readonly here: number | null | undefined
}

export interface FilePair {
  readonly role: ArtifactRole
  readonly published: string | undefined
  readonly here: string | undefined
}

export interface Comparison {
  /** `identical`: files and numbers are equal; `equal`: every number agrees within `sameWithin`. */
  readonly match: 'identical' | 'equal' | 'different'
  /** Predictions and weights. */
  readonly files: readonly FilePair[]
  readonly numbers: readonly NumberPair[]
  readonly sameTrack: boolean
}

type Finished = Pick<Manifest, 'artifacts' | 'model' | 'results' | 'track'>

const comparedRoles: readonly ArtifactRole[] = ['predictions', 'validation-predictions', 'model']

/** Holds a run against the published one: digests of predictions and weights, and every number of the manifest. */
export function compareRuns(published: Finished, here: Finished): Comparison {
  const files = comparedRoles
    .map((role) => ({ role, published: digestOf(published, role), here: digestOf(here, role) }))
    .filter(({ published, here }) => published !== undefined || here !== undefined)
  // Curves of two rules say nothing of each other.
  const sameRule = published.results.budgetedConfidences === here.results.budgetedConfidences
  const theirs = numbersOf(published, sameRule)
  const ours = numbersOf(here, sameRule)
  const numbers = [...new Map([...theirs, ...ours]).values()].map(({ group, name }) => {
    const key = keyOf(group, name)
    return { group, name, published: theirs.get(key)?.value, here: ours.get(key)?.value }
  })
  const sameTrack = published.track.digest === here.track.digest
  const equal = files.every(sameFile) && numbers.every(({ published, here }) => published === here)
  const agree = numbers.every(sameNumber)
  const match = !sameTrack || !agree ? 'different' : equal ? 'identical' : 'equal'
  return { match, files, numbers, sameTrack }
}

export function sameFile({ published, here }: FilePair): boolean {
  return published === here
}

export function sameNumber({ published, here }: NumberPair): boolean {
  if (typeof published !== 'number' || typeof here !== 'number') return published === here
  return distanceOf({ published, here }) <= sameWithin
}

/** How far two numbers are apart, relative where they are larger than 1; 0 where one of the two has none. */
export function distanceOf({ published, here }: Pick<NumberPair, 'published' | 'here'>): number {
  if (typeof published !== 'number' || typeof here !== 'number') return 0
  return Math.abs(published - here) / Math.max(1, Math.abs(published), Math.abs(here))
}

function digestOf({ artifacts }: Finished, role: ArtifactRole): string | undefined {
  return artifacts.find((artifact) => artifact.role === role)?.sha256
}

interface NamedNumber {
  readonly group: string
  readonly name: string
  readonly value: number | null
}

function numbersOf({ model, results }: Finished, withCurve: boolean): Map<string, NamedNumber> {
  const { exits, ensemble, validation, budgeted, ...others } = results
  const found = [
    ...exits.flatMap(({ k, ...metrics }) => leaves(`exit ${k}`, metrics)),
    ...leaves('ensemble', ensemble),
    ...validation.flatMap(({ k, ...metrics }) => leaves(`validation, exit ${k}`, metrics)),
    ...Object.entries(others).flatMap(([group, value]) => leaves(group, value)),
    ...(withCurve ? leaves('budgeted', budgeted) : []),
    ...leaves('costs', model),
  ]
  return new Map(found.map((number) => [keyOf(number.group, number.name), number]))
}

function keyOf(group: string, name: string): string {
  return `${group}\n${name}`
}

/** Every number below a JSON value, named by its path. */
function leaves(group: string, value: unknown, path: readonly string[] = []): NamedNumber[] {
  if (typeof value === 'number' || value === null) return [{ group, name: path.join(' '), value }]
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, member]) => leaves(group, member, [...path, key]))
}
