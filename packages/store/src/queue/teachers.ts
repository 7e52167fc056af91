import { digestExperiment, digestJson } from '@mate-bench/provenance'
import { type Manifest, type SpecFrame, teacherDigests } from '@mate-bench/schema'
import { and, asc, eq, inArray, not } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { isWithdrawn } from '../ledger/seed-standing.ts'
import { isDisputed } from '../queries/verdicts.ts'
import { entries, runs, submissions } from '../schema/index.ts'
import { addJob, queueIsInstalled } from './local-queue.ts'

/** A published run that teaches. */
export interface PublishedTeacher {
  /** Of the teacher's spec, as the student names it. */
  readonly specDigest: string
  readonly seed: number
  readonly runId: string
  readonly manifest: Manifest
}

/**
 * How it stands with the runs that a spec's runs learn from: all published; some on their way; or some that nobody has
 * asked for, or that failed, so that waiting is in vain.
 */
export type TeacherStanding =
  | { readonly state: 'ready'; readonly teachers: readonly PublishedTeacher[] }
  | { readonly state: 'waiting' | 'missing'; readonly note: string }

/** States of a submission that may still publish runs. */
const open = ['submitted', 'approved', 'queued', 'running'] as const

/** @param seeds of the runs that are to learn; each has teachers of its own seed */
export async function teacherStanding(
  db: Db,
  spec: SpecFrame,
  seeds: readonly number[],
): Promise<TeacherStanding> {
  const teachers: PublishedTeacher[] = []
  let waiting: string | undefined
  for (const specDigest of teacherDigests(spec)) {
    const document = spec.teacherSpecs?.find((teacher) => digestJson(teacher) === specDigest)
    const name = document?.name ?? specDigest
    for (const seed of seeds) {
      const wanted = { specDigest, seed }
      const found = await publishedTeacher(db, spec, wanted)
      const onItsWay = !found && (await isOnItsWay(db, specDigest, seed))
      // Its submission may have finished since it was looked for; what that published was there before.
      const teacher = found ?? (onItsWay ? undefined : await publishedTeacher(db, spec, wanted))
      if (teacher) {
        teachers.push(teacher)
        continue
      }
      if (!onItsWay) {
        return {
          state: 'missing',
          note: `Its teacher ${name} with seed ${seed} is not published, and no open submission asks for it.`,
        }
      }
      waiting ??= `It waits for its teacher ${name} with seed ${seed}.`
    }
  }
  return waiting === undefined ? { state: 'ready', teachers } : { state: 'waiting', note: waiting }
}

/** The first that was published, of the experiment that the teacher's spec describes, and is neither withdrawn nor disputed. */
async function publishedTeacher(
  db: Db,
  { teacherSpecs = [] }: SpecFrame,
  { specDigest, seed }: { readonly specDigest: string; readonly seed: number },
): Promise<PublishedTeacher | undefined> {
  const document = teacherSpecs.find((teacher) => digestJson(teacher) === specDigest)
  if (!document) return undefined
  const experiment = digestExperiment({ ...document, teacherSpecs })
  const [run] = await db
    .select({ runId: runs.id, manifest: runs.manifest })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .where(
      and(
        ...[eq(entries.experimentDigest, experiment), eq(runs.seed, seed), eq(runs.synthetic, false)],
        ...[not(isWithdrawn), not(isDisputed)],
      ),
    )
    .orderBy(asc(runs.publishedAt), asc(runs.id))
    .limit(1)
  return run && { specDigest, seed, ...run }
}

async function isOnItsWay(db: Db, specDigest: string, seed: number): Promise<boolean> {
  const asked = await db
    .select({ spec: submissions.spec })
    .from(submissions)
    .where(
      and(
        eq(submissions.specDigest, specDigest),
        eq(submissions.kind, 'training'),
        inArray(submissions.state, [...open]),
      ),
    )
  return asked.some(({ spec }) => spec.seeds.includes(seed))
}

/** Gives new jobs to what is queued here and learns from a spec whose runs are now published. */
export async function wakeStudents(tx: Db, specDigest: string): Promise<void> {
  if (!(await queueIsInstalled(tx))) return
  const queued = await tx
    .select({ id: submissions.id, spec: submissions.spec })
    .from(submissions)
    .where(and(eq(submissions.launcher, 'local'), eq(submissions.state, 'queued')))
  for (const { id, spec } of queued) {
    if (teacherDigests(spec).includes(specDigest)) await addJob(tx, id)
  }
}
