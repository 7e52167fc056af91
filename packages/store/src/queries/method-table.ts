import type { SpecFrame } from '@mate-bench/schema'
import { and, count, desc, eq, inArray, type SQL } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { entries, entryAggregates, specs, tracks } from '../schema/index.ts'
import { type TrackTableRow, tableRow } from './track-table.ts'

/** An entry as the page of its method needs it. */
export interface MethodTableRow extends TrackTableRow {
  readonly trackDigest: string
  readonly dataset: string
  readonly spec: SpecFrame
}

/** How many entries each method has, in one query; a method without entries is not in it. */
export async function entriesByMethod(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .select({ method: specs.method, entries: count() })
    .from(entries)
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .groupBy(specs.method)
  return new Map(rows.map(({ method, entries: found }) => [method, found]))
}

/** How many entries each kind of backbone has, in one query; one without entries is not in it. */
export async function entriesByBackbone(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .select({ backbone: specs.backbone, entries: count() })
    .from(entries)
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .groupBy(specs.backbone)
  return new Map(rows.map(({ backbone, entries: found }) => [backbone, found]))
}

/** The newest entries on a kind of backbone, on all tracks, in one query. */
export async function backboneTable(db: Db, backbone: string, limit: number): Promise<MethodTableRow[]> {
  return await newest(db, eq(specs.backbone, backbone), limit)
}

/** The newest entries of a method on all tracks, in one query. */
export async function methodTable(db: Db, method: string, limit: number): Promise<MethodTableRow[]> {
  return await newest(db, eq(specs.method, method), limit)
}

/** What a method's entries may be held against. */
export interface RivalFilter {
  readonly method: string
  readonly trackDigests: readonly string[]
  readonly backbones: readonly string[]
}

/** The newest entries of another method on the same tracks with backbones of the same kind, in one query. */
export async function rivalTable(db: Db, filter: RivalFilter, limit: number): Promise<MethodTableRow[]> {
  const { method, trackDigests, backbones } = filter
  if (trackDigests.length === 0) return []
  const wanted = and(
    eq(specs.method, method),
    inArray(entries.trackDigest, [...trackDigests]),
    inArray(specs.backbone, [...backbones]),
  )
  return await newest(db, wanted, limit)
}

async function newest(db: Db, wanted: SQL | undefined, limit: number): Promise<MethodTableRow[]> {
  return await db
    .select({ ...tableRow, trackDigest: entries.trackDigest, dataset: tracks.dataset, spec: specs.document })
    .from(entryAggregates)
    .innerJoin(entries, eq(entries.id, entryAggregates.entryId))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .innerJoin(tracks, eq(tracks.digest, entries.trackDigest))
    .where(wanted)
    .orderBy(desc(entryAggregates.publishedAt), desc(entryAggregates.entryId))
    .limit(limit)
}
