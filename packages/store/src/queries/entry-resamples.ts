import { asc, inArray } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { bytesToFloats } from '../float-bytes.ts'
import { ensembleK, exitResamples } from '../schema/index.ts'

/** Top-1 of an entry's classifiers in every bootstrap resample, as `resampleEntry` gave it. */
export interface EntryResamples {
  /** Shallowest first. */
  readonly exits: readonly Float32Array[]
  readonly ensemble: Float32Array
}

/** What resampling made of some entries, in one query; by entry id. */
export async function entryResamples(
  db: Db,
  entryIds: readonly string[],
): Promise<ReadonlyMap<string, EntryResamples>> {
  if (entryIds.length === 0) return new Map()
  const rows = await db
    .select({ entryId: exitResamples.entryId, k: exitResamples.k, top1: exitResamples.top1 })
    .from(exitResamples)
    .where(inArray(exitResamples.entryId, [...entryIds]))
    .orderBy(asc(exitResamples.entryId), asc(exitResamples.k))
  return new Map(
    [...new Set(rows.map(({ entryId }) => entryId))].map((entryId) => {
      const own = rows.filter((row) => row.entryId === entryId)
      const ensemble = own.find(({ k }) => k === ensembleK)
      const exits = own.filter(({ k }) => k !== ensembleK).map(({ top1 }) => bytesToFloats(top1))
      return [entryId, { exits, ensemble: bytesToFloats(ensemble?.top1 ?? new Uint8Array()) }]
    }),
  )
}
