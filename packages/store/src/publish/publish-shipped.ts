import { verifyRunSignature } from '@mate-bench/provenance'
import { prepareEntryResampling } from '@mate-bench/stats'
import { refreshAggregates } from '../aggregates/refresh.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Db } from '../drivers/db.ts'
import { withRetry } from '../drivers/with-retry.ts'
import { recordFinish } from '../ledger/run-events.ts'
import { checkRun } from './check-run.ts'
import { keepFiles } from './keep-files.ts'
import { publishingFailed } from './publish-run.ts'
import type { PublishableRun } from './publishable-run.ts'
import { type CheckedRun, writeRun } from './write-run.ts'

/** Runs that were written at one time. */
export interface PublishedTogether {
  /** Ids of those that were not there before. */
  readonly added: readonly string[]
}

/**
 * Writes runs of one track together, in one transaction: aggregates are computed once. For results that ship, of which some
 * files may be missing (`readFile` gives undefined): without them nobody can check a run here, so its tier is `reported`.
 *
 * Repeated, it changes nothing, but for files that were missing before.
 *
 * @throws BenchError as `publishRun`
 */
export async function publishShipped(
  db: Db,
  artifactStore: ArtifactStore,
  shipped: readonly PublishableRun[],
  { publishedAt: givenTime }: { readonly publishedAt?: Date } = {},
): Promise<PublishedTogether> {
  const [first] = shipped
  if (!first) return { added: [] }
  const track = first.manifest.track
  const checked: (CheckedRun & Pick<PublishableRun, 'start'>)[] = []
  for (const run of shipped) {
    if (run.manifest.track.digest !== track.digest) throw new RangeError('runs of several tracks')
    checkRun(run)
    const signature = run.signature && {
      envelope: run.signature,
      key: await verifyRunSignature(run.signature, run.manifest),
    }
    checked.push({ ...run, signature })
  }
  try {
    await Promise.all(shipped.map((run) => keepFiles(artifactStore, run, { mayLack: true })))
    prepareEntryResampling(track.splits.test.count)
    const added = await withRetry(() =>
      db.transaction(async (tx) => {
        const found: ((typeof checked)[number] & { readonly now: Date })[] = []
        const entries = new Set<string>()
        let publishedAt = givenTime
        for (const run of checked) {
          const publication = { tier: 'reported', synthetic: false, publishedAt } as const
          const written = await writeRun(tx, run, publication, undefined)
          publishedAt = written.publishedAt
          if (written.wasThere) continue
          found.push({ ...run, now: publishedAt })
          entries.add(written.entryId)
        }
        if (entries.size > 0) await refreshAggregates(tx, track.digest, [...entries])
        let anyWithdrawn = false
        for (const { manifest, signature, start, now } of found) {
          const key = signature?.key ?? null
          const { isWithdrawn } = await recordFinish(tx, manifest, { key, evidence: start, now })
          anyWithdrawn ||= isWithdrawn
        }
        // Perhaps after the aggregates were computed, before the ledger was held.
        if (anyWithdrawn) await refreshAggregates(tx, track.digest, [...entries])
        return found.map(({ manifest }) => manifest.runId)
      }),
    )
    return { added }
  } catch (thrown) {
    throw publishingFailed(first.manifest.runId, thrown)
  }
}
