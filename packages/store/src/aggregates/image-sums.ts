import { type EntryRun, type ImageSums, sumOverRuns } from '@mate-bench/stats'
import { eq } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { ensembleK, exitImageSums } from '../schema/index.ts'
import { planesToBytes } from './plane-bytes.ts'

interface SummedEntry {
  readonly entryId: string
  /** Those that count. */
  readonly runs: readonly EntryRun[]
}

/** Keeps what comparisons need of an entry, in the place of what was kept before. */
export async function keepImageSums(tx: Transaction, { entryId, runs }: SummedEntry): Promise<void> {
  const row = (k: number, sums: ImageSums) => ({ entryId, k, planes: planesToBytes(sums) })
  const exits = runs[0]?.exits.map(({ k }, i) =>
    row(k, sumOverRuns(runs.flatMap((run) => run.exits[i]?.correct ?? []))),
  )
  const ensemble = row(ensembleK, sumOverRuns(runs.map((run) => run.ensemble.correct)))
  await tx.delete(exitImageSums).where(eq(exitImageSums.entryId, entryId))
  await tx.insert(exitImageSums).values([ensemble, ...(exits ?? [])])
}
