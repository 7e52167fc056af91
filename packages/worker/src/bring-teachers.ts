import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { isComplete, runFolderPath } from '@mate-bench/harness/run-folder'
import type { Spec } from '@mate-bench/harness/spec'
import { teacherSpecsOf } from '@mate-bench/harness/teachers'
import { BenchError, type Manifest } from '@mate-bench/schema'
import {
  type ArtifactStore,
  type Db,
  findRun,
  type PublishedTeacher,
  parseSha256,
  teacherStanding,
  withRetry,
} from '@mate-bench/store'
import { writeRunFolder } from './write-run-folder.ts'

export interface BringTeachersOptions {
  readonly spec: Spec
  readonly seed: number
  /** The very runs, as a manifest names them. @default the first that were published and stand */
  readonly teachers?: Manifest['teachers']
  /** Folder of run folders, where the student will look for them. */
  readonly out: string
}

/**
 * Brings the published runs that a run learns from into the place where it will look for them.
 * @returns ids of the runs that were brought
 * @throws BenchError `conflict` where they are not published, `storage`
 */
export async function bringTeachers(
  db: Db,
  artifacts: ArtifactStore,
  { spec, seed, out, teachers: named }: BringTeachersOptions,
): Promise<string[]> {
  const teachers = teacherSpecsOf(spec)
  if (teachers.length === 0) return []
  const published = named ? await namedRuns(db, named) : await standingRuns(db, spec, seed)
  mkdirSync(out, { recursive: true })
  const brought: string[] = []
  for (const [i, teacher] of teachers.entries()) {
    const found = published[i]
    if (!found || isComplete(out, teacher, seed)) continue
    const folder = runFolderPath(out, teacher, seed)
    const partial = `${folder}.brought`
    rmSync(partial, { recursive: true, force: true })
    await writeRunFolder(partial, found.manifest, ({ sha256 }) => artifacts.get(parseSha256(sha256)))
    renameSync(partial, folder)
    brought.push(found.runId)
  }
  return brought
}

type Teacher = Pick<PublishedTeacher, 'runId' | 'manifest'>

async function standingRuns(db: Db, spec: Spec, seed: number): Promise<readonly Teacher[]> {
  const standing = await withRetry(() => teacherStanding(db, spec, [seed]))
  if (standing.state === 'ready') return standing.teachers
  throw new BenchError({
    code: 'conflict',
    message: standing.note,
    hint: 'Its runs have to be published first.',
  })
}

/** Also one that was withdrawn since or is disputed: it taught the run, whatever came of it. */
async function namedRuns(db: Db, named: NonNullable<Manifest['teachers']>): Promise<readonly Teacher[]> {
  const found: Teacher[] = []
  for (const { runId } of named) {
    const run = await withRetry(() => findRun(db, runId))
    if (!run) {
      throw new BenchError({
        code: 'conflict',
        message: `The run ${runId}, which taught it, is not published here.`,
        hint: 'Publish it first.',
      })
    }
    found.push({ runId, manifest: run.manifest })
  }
  return found
}
