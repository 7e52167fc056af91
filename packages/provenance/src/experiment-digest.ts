import { type Digest, digestJson } from './digest.ts'

/** Members of a spec that say what it is called and how often it is run, not what is trained; and its teachers. */
export interface SpecLabels {
  readonly $schema?: unknown
  readonly name?: unknown
  readonly description?: unknown
  readonly seeds?: unknown
  readonly method?: unknown
  readonly teacherSpecs?: readonly SpecLabels[] | undefined
}

/**
 * Digest of the experiment that a spec describes: SHA-256 over its canonical JSON with all defaults, without `$schema`,
 * `name`, `description` and `seeds`. Specs of one experiment train the same networks seed by seed, whatever they are
 * called and however many seeds each of them lists. Teachers are experiments too: where the method names one by the digest
 * of a spec in `teacherSpecs`, that spec's experiment stands for it.
 *
 * @param spec with all defaults, as a manifest holds it
 */
export function digestExperiment(spec: SpecLabels): Digest {
  const { $schema: _, name: __, description: ___, seeds: ____, teacherSpecs = [], ...experiment } = spec
  if (teacherSpecs.length === 0) return digestJson(experiment)
  const known = new Map<unknown, SpecLabels>(teacherSpecs.map((teacher) => [digestJson(teacher), teacher]))
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named)
    if (typeof value !== 'object' || value === null) return value
    const teacher = known.get(Reflect.get(value, 'specDigest'))
    return teacher ? { ...value, specDigest: digestExperiment({ ...teacher, teacherSpecs }) } : value
  }
  const method = Object.fromEntries(
    Object.entries(experiment.method ?? {}).map(([option, value]) => [option, named(value)]),
  )
  return digestJson({ ...experiment, method })
}
