import type { Spec } from '@mate-bench/harness'
import { BenchError } from '@mate-bench/schema'

/**
 * The seeds to run. They must be the spec's own: the seeds are part of what the spec's digest identifies.
 *
 * @throws BenchError `bad-input` for a seed that the spec does not list
 */
export function chooseSeeds(
  { name, seeds }: Pick<Spec, 'name' | 'seeds'>,
  asked: readonly number[] | undefined,
): number[] {
  if (asked === undefined) return [...seeds]
  const foreign = asked.filter((seed) => !seeds.includes(seed))
  if (foreign.length === 0) return [...asked]
  throw new BenchError({
    code: 'bad-input',
    message: `The spec "${name}" does not list the ${foreign.length === 1 ? 'seed' : 'seeds'} ${foreign.join(', ')}.`,
    path: '--seeds',
    hint: `Its seeds are ${seeds.join(', ')}. Seeds belong to the spec's identity: add new ones there.`,
  })
}
