import type { TrackReport } from '@mate-bench/harness/entries'
import { relationText } from '@mate-bench/harness/verify'
import { BenchError } from '@mate-bench/schema'

/**
 * Copies would be counted as seeds: there is no honest table with them.
 * @throws BenchError `verification-failed` that names each
 */
export function refuseCopies(tracks: readonly TrackReport[]): void {
  const copies = tracks.flatMap(({ relations }) => relations).filter(({ kind }) => kind === 'copy')
  if (copies.length === 0) return
  throw new BenchError({
    code: 'verification-failed',
    message: 'Some of these runs are copies of others.',
    problems: copies.map((relation) => ({
      path: `${relation.run.specName} seed ${relation.run.seed} (${relation.run.runId})`,
      message: relationText(relation),
    })),
    hint: 'Two seeds never give the same predictions. Leave the copies out; `mate-bench verify` compares the weights too.',
  })
}
