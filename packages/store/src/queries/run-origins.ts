import { asc, inArray } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { submissionEvents, submissionRuns } from '../schema/index.ts'
import type { SubmissionEvent } from './submissions.ts'

/** A submission that runs came of. */
export interface RunOrigin {
  readonly submissionId: string
  readonly runIds: readonly string[]
  /** Oldest first. */
  readonly history: readonly SubmissionEvent[]
}

/** The submissions that some runs came of, with their histories, in two queries; none for runs published by hand. */
export async function originsOfRuns(db: Db, runIds: readonly string[]): Promise<RunOrigin[]> {
  if (runIds.length === 0) return []
  const links = await db
    .select()
    .from(submissionRuns)
    .where(inArray(submissionRuns.runId, [...runIds]))
    .orderBy(asc(submissionRuns.submissionId), asc(submissionRuns.runId))
  const runsOf = new Map<string, string[]>()
  for (const { submissionId, runId } of links) {
    runsOf.set(submissionId, [...(runsOf.get(submissionId) ?? []), runId])
  }
  if (runsOf.size === 0) return []
  const events = await db
    .select()
    .from(submissionEvents)
    .where(inArray(submissionEvents.submissionId, [...runsOf.keys()]))
    .orderBy(asc(submissionEvents.id))
  return [...runsOf].map(([submissionId, ids]) => ({
    submissionId,
    runIds: ids,
    history: events
      .filter((event) => event.submissionId === submissionId)
      .map(({ id: _, submissionId: __, ...event }) => event),
  }))
}
