import { type Digest, digestJson } from './digest.ts'

/** Members of a spec that say what it is called and how often it is run, not what is trained. */
export interface SpecLabels {
  readonly $schema?: unknown
  readonly name?: unknown
  readonly description?: unknown
  readonly seeds?: unknown
}

/**
 * Digest of the experiment that a spec describes: SHA-256 over its canonical JSON with all defaults, without `$schema`,
 * `name`, `description` and `seeds`. Specs of one experiment train the same networks seed by seed, whatever they are
 * called and however many seeds each of them lists.
 *
 * @param spec with all defaults, as a manifest holds it
 */
export function digestExperiment(spec: SpecLabels): Digest {
  const { $schema: _, name: __, description: ___, seeds: ____, ...experiment } = spec
  return digestJson(experiment)
}
