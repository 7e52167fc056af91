/** Runs for the tests of this package. */

import type { EntryRun } from '../entry-aggregate.ts'
import { createRandom } from '../random.ts'

const images = 200

/**
 * A run of drawn bits.
 *
 * @param top1 chance of each exit to be right, shallowest first
 * @param options.correct in the place of what would be drawn, for every exit
 */
export function drawnRun(
  name: string,
  seed: number,
  top1: readonly number[],
  { correct: given, ...options }: Partial<EntryRun> & { readonly correct?: Uint8Array } = {},
): EntryRun {
  const random = createRandom(seed, name)
  const result = (share: number) => {
    const correct = given ?? Uint8Array.from({ length: images }, () => (random.uniform() < share ? 1 : 0))
    const mean = correct.reduce((sum, right) => sum + right, 0) / images
    return { top1: mean, top5: 1, nll: 0.5, ece: 0.1, auroc: null, correct }
  }
  return {
    runId: `run-${name}-${seed}`,
    experimentDigest: `sha256:${name}`,
    specDigest: `sha256:${name}`,
    name,
    method: 'joint',
    seed,
    finishedAt: '2026-01-01T00:00:00.000Z',
    parameters: 10,
    exits: top1.map((share, i) => ({
      k: i + 1,
      after: `stage${i}`,
      isolatedMacs: 100 * (i + 1),
      sequentialMacs: 120 * (i + 1),
      parameters: 5 * (i + 1),
      ...result(share),
    })),
    ensemble: result(top1.at(-1) ?? 0),
    ...options,
  }
}
