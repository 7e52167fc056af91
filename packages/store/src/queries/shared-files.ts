import type { ArtifactRole, Manifest } from '@mate-bench/schema'
import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { artifacts, entries, runs, specs } from '../schema/index.ts'

/** A published run, and a file that it has in common with another. */
export interface SharedFile {
  readonly role: ArtifactRole
  readonly runId: string
  readonly seed: number
  readonly experimentDigest: string
  readonly specName: string
}

/** What is another's in every training: a spec is shared by its seeds, and a log has its times. */
const ownRoles: readonly ArtifactRole[] = ['predictions', 'model', 'metrics']

/** Files of other published runs on the same track that have the very bytes of this one's. */
export async function sharedFiles(
  db: Pick<Db, 'select'>,
  { runId, track, artifacts: own }: Manifest,
): Promise<SharedFile[]> {
  const digests = own.filter(({ role }) => ownRoles.includes(role)).map(({ sha256 }) => sha256)
  if (digests.length === 0) return []
  return await db
    .select({
      role: artifacts.role,
      runId: runs.id,
      seed: runs.seed,
      experimentDigest: entries.experimentDigest,
      specName: specs.name,
    })
    .from(artifacts)
    .innerJoin(runs, eq(runs.id, artifacts.runId))
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(specs, eq(specs.digest, runs.specDigest))
    .where(
      and(
        inArray(artifacts.sha256, digests),
        inArray(artifacts.role, [...ownRoles]),
        ne(artifacts.runId, runId),
        eq(entries.trackDigest, track.digest),
      ),
    )
    .orderBy(asc(runs.id), asc(artifacts.position))
}
