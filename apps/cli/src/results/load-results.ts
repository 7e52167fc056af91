import {
  correctnessOf,
  entriesInOrder,
  fileOf,
  listPacked,
  type PackedRun,
  readCompanionOf,
  readPacked,
} from '@mate-bench/results'
import { BenchError, envelopeSchema } from '@mate-bench/schema'
import { type Db, openArtifacts, type PublishableRun, publishShipped } from '@mate-bench/store'

export interface LoadedResults {
  /** Packed runs that there are. */
  readonly runs: number
  /** Those that the database did not have. */
  readonly added: number
  readonly entries: number
}

export interface LoadOptions {
  readonly onProgress?: ((done: number, runs: number) => void) | undefined
  /** Fires to end before the next entry. */
  readonly stop?: AbortSignal | undefined
}

/**
 * Writes the results that ship to the database, an entry a transaction. What is there stays as it is, so it may be repeated,
 * and goes on where it was interrupted.
 *
 * @throws BenchError `bad-input`, `verification-failed` for a packed run that does not hold; `interrupted`, `storage`
 */
export async function loadResults(db: Db, folder: string, options: LoadOptions = {}): Promise<LoadedResults> {
  const packed = listPacked(folder).map(readPacked)
  const entries = entriesInOrder(packed)
  const artifactStore = await openArtifacts()
  let [done, added] = [0, 0]
  for (const runs of entries) {
    if (options.stop?.aborted) {
      throw new BenchError({
        code: 'interrupted',
        message: 'Stopped before all results were loaded.',
        hint: 'Go on with `mate-bench results load`.',
      })
    }
    const written = await publishShipped(db, artifactStore, runs.map(publishable))
    done += runs.length
    added += written.added.length
    options.onProgress?.(done, packed.length)
  }
  return { runs: packed.length, added, entries: entries.length }
}

function publishable(packed: PackedRun): PublishableRun {
  const { manifest, answers } = packed
  const signature = readCompanionOf(packed, 'signature')
  const start = readCompanionOf(packed, 'start')
  return {
    manifest,
    correctness: { exits: answers.exits.map(correctnessOf), ensemble: correctnessOf(answers.ensemble) },
    readFile: (file) => fileOf(packed, file),
    signature: signature === undefined ? undefined : envelopeSchema.parse(signature),
    start: envelopeIn(start),
  }
}

/** Of a start that its author signed. */
function envelopeIn(start: unknown) {
  const inside =
    typeof start === 'object' && start !== null && 'envelope' in start ? start.envelope : undefined
  return inside === undefined ? undefined : envelopeSchema.parse(inside)
}
