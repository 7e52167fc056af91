import { canonicalJson } from '@mate-bench/provenance'
import type { MethodTableRow } from '@mate-bench/store'

type Comparable = Pick<MethodTableRow, 'entryId' | 'trackDigest' | 'backbone' | 'spec' | 'aggregate'>

/**
 * The entry that differs from this one in its method alone: the same track, and a network of the same backbone with the
 * same exits at the same costs, trained and judged alike. Of several the one with most seeds, then the first.
 */
export function jointBaseline<C extends Comparable>(
  entry: Comparable,
  candidates: readonly C[],
): C | undefined {
  const wanted = conditions(entry)
  return candidates
    .filter((candidate) => candidate.entryId !== entry.entryId && conditions(candidate) === wanted)
    .toSorted((a, b) => b.aggregate.runs.length - a.aggregate.runs.length)[0]
}

/** What two entries must share for their difference to be that of their methods. */
function conditions({ trackDigest, backbone, spec, aggregate }: Comparable): string {
  const { training, evaluation } = spec
  const costs = aggregate.exits.map(({ sequentialMacs }) => sequentialMacs)
  return canonicalJson({ trackDigest, backbone, costs, training, evaluation })
}
