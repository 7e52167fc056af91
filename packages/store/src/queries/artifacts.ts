import type { ArtifactRole } from '@mate-bench/schema'
import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { artifacts } from '../schema/index.ts'

export type ArtifactRow = typeof artifacts.$inferSelect

/** Files of a run, in the manifest's order. */
export async function artifactsOfRun(db: Db, runId: string): Promise<ArtifactRow[]> {
  return await db.select().from(artifacts).where(eq(artifacts.runId, runId)).orderBy(asc(artifacts.position))
}

/** The file of a run that plays this role; undefined where the run, or such a file of it, is not there. */
export async function findArtifact(
  db: Db,
  runId: string,
  role: ArtifactRole,
): Promise<ArtifactRow | undefined> {
  const [row] = await db
    .select()
    .from(artifacts)
    .where(and(eq(artifacts.runId, runId), eq(artifacts.role, role)))
  return row
}

/** Any file of these bytes: what may be handed out, and as which media type. */
export async function findArtifactByDigest(db: Db, sha256: string): Promise<ArtifactRow | undefined> {
  const [row] = await db
    .select()
    .from(artifacts)
    .where(eq(artifacts.sha256, sha256))
    .orderBy(asc(artifacts.runId), asc(artifacts.position))
    .limit(1)
  return row
}
