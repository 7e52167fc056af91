import { verifyRunSignature } from '@mate-bench/provenance'
import { prepareEntryResampling } from '@mate-bench/stats'
import { refreshAggregates, resamplingOf } from '../aggregates/refresh.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { withRetry } from '../drivers/with-retry.ts'
import { recordFinish } from '../ledger/run-events.ts'
import type { RunTier } from '../schema/index.ts'
import { checkRun } from './check-run.ts'
import { keepFiles } from './keep-files.ts'
import type { PublishableRun } from './publishable-run.ts'
import { writeRun } from './write-run.ts'

export interface PublishOptions {
  /** How far the run has been checked; `recomputed` where `verifyRun` of the harness passed. */
  readonly tier: RunTier
  /** The submission that the run came of. */
  readonly submissionId?: string | undefined
  /** For tools that make data for load tests. */
  readonly synthetic?: boolean | undefined
  /** @default when the run holds its track, after its files are uploaded, by the database's clock */
  readonly publishedAt?: Date | undefined
  /** The last word before the ledger is written and the transaction commits, inside it: what this throws undoes everything. */
  readonly confirm?: ((tx: Transaction) => Promise<void>) | undefined
}

export interface Published {
  readonly runId: string
  /** True where the very same run was there: nothing was written. */
  readonly alreadyPublished: boolean
}

/**
 * Checks a run and writes it: files to the artifact store, then run, exits and artifacts in one transaction. It may
 * be repeated, and done by several at once: the same run is there once.
 *
 * @throws BenchError `verification-failed` for a run that does not hold or is a copy of another seed's, `conflict` for another run of the same id or
 *   a database of the other kind of runs, `storage` when database or artifact store can't be reached; nothing is half
 *   there then, and the call may be repeated
 */
export async function publishRun(
  db: Db,
  artifactStore: ArtifactStore,
  run: PublishableRun,
  { tier, submissionId, synthetic = false, publishedAt: givenTime, confirm }: PublishOptions,
): Promise<Published> {
  checkRun(run)
  const { manifest } = run
  const signature = run.signature && {
    envelope: run.signature,
    key: await verifyRunSignature(run.signature, manifest),
  }
  try {
    await keepFiles(artifactStore, run, { mayLack: false })
    // The better part of the resampling: done before the track is held, since others wait for that.
    prepareEntryResampling(manifest.track.splits.test.count, resamplingOf(synthetic))
    const publication = { tier, synthetic, publishedAt: givenTime }
    const alreadyPublished = await withRetry(() =>
      db.transaction(async (tx) => {
        const checked = { ...run, signature }
        const written = await writeRun(tx, checked, publication, submissionId)
        const { wasThere, entryId, publishedAt } = written
        if (!wasThere) await refreshAggregates(tx, manifest.track.digest, [entryId])
        await confirm?.(tx)
        // Nobody began what nobody trained. Last of all, since everybody who writes waits for the ledger.
        if (!wasThere && !synthetic) {
          const key = signature?.key ?? null
          const takesOver = submissionId !== undefined
          const start = { key, evidence: run.start, takesOver, now: publishedAt }
          const { isWithdrawn } = await recordFinish(tx, manifest, start)
          // Perhaps after the aggregates were computed, before the ledger was held.
          if (isWithdrawn) await refreshAggregates(tx, manifest.track.digest, [entryId])
        }
        return wasThere
      }),
    )
    return { runId: manifest.runId, alreadyPublished }
  } catch (thrown) {
    throw publishingFailed(manifest.runId, thrown)
  }
}

/** What went wrong while a run was published, with what to do about a database that is away. */
export function publishingFailed(runId: string, thrown: unknown): unknown {
  return storeErrorFromUnknown(thrown, {
    doing: `publishing ${runId}`,
    retry:
      'The run folder is as it was: run the same `mate-bench publish` again when the database is back; nothing is written twice.',
  })
}
