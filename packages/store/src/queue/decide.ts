import { eq, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { submissions } from '../schema/index.ts'
import type { Launcher } from './launcher.ts'
import { localQueue } from './local-queue.ts'
import { changeState, lockSubmission, recordEvent, type Submission } from './submission-states.ts'

export interface Decision {
  readonly id: string
  /** Who decided. */
  readonly actor: string
  readonly note?: string | undefined
}

/** Approves a submission and hands it to the launcher, both or neither. */
export async function approveSubmission(
  db: Db,
  launcher: Launcher,
  { id, actor, note }: Decision,
): Promise<Submission> {
  const started = await db.transaction(async (tx) => {
    const present = await lockSubmission(tx, id)
    const approved = await changeState(tx, present, { to: 'approved', actor, note })
    return await launcherOf(present, launcher).start(tx, approved, actor)
  })
  await wake(launcher)
  return started
}

/**
 * Rejects a submission that waits for a decision. Nothing follows that.
 *
 * @throws BenchError `not-found`, `conflict` for one that is decided already
 */
export async function rejectSubmission(db: Db, { id, actor, note }: Decision): Promise<Submission> {
  return await db.transaction(async (tx) => {
    const present = await lockSubmission(tx, id)
    return await changeState(tx, present, { to: 'rejected', actor, note })
  })
}

/**
 * Cancels at once what does not run yet. What runs is asked to stop: its worker looks for that between steps, and
 * makes it `cancelled`.
 */
export async function cancelSubmission(
  db: Db,
  launcher: Launcher,
  { id, actor, note }: Decision,
): Promise<Submission> {
  const cancelled = await db.transaction(async (tx) => {
    const present = await lockSubmission(tx, id)
    if (present.state === 'running') {
      if (present.cancelRequestedAt) return present
      const [asked] = await tx
        .update(submissions)
        .set({ cancelRequestedAt: sql`clock_timestamp()` })
        .where(eq(submissions.id, id))
        .returning()
      const why = note === undefined ? '' : ` ${note}`
      await recordEvent(tx, id, 'running', { to: 'running', actor, note: `Asked to stop.${why}` })
      await launcherOf(present, launcher).stop?.(tx, present)
      return asked ?? present
    }
    const ended = await changeState(tx, present, { to: 'cancelled', actor, note })
    await launcherOf(present, launcher).cancel(tx, ended)
    return ended
  })
  await wake(launcher)
  return cancelled
}

/** What has a submission: checks of published runs are made by the workers of this database, wherever specs are trained. */
export function launcherOf({ kind }: Pick<Submission, 'kind'>, launcher: Launcher): Launcher {
  return kind === 'training' ? launcher : localQueue
}

/** The decision stands whether or not anybody could be woken. */
async function wake(launcher: Launcher): Promise<void> {
  await launcher.wake?.().catch(() => {})
}
