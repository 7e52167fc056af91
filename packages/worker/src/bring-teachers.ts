import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { isComplete, runFolderPath } from '@mate-bench/harness/run-folder'
import type { Spec } from '@mate-bench/harness/spec'
import { teacherSpecsOf } from '@mate-bench/harness/teachers'
import { BenchError } from '@mate-bench/schema'
import { type ArtifactStore, type Db, parseSha256, teacherStanding, withRetry } from '@mate-bench/store'
import { writeRunFolder } from './write-run-folder.ts'

export interface BringTeachersOptions {
  readonly spec: Spec
  readonly seed: number
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
  { spec, seed, out }: BringTeachersOptions,
): Promise<string[]> {
  const teachers = teacherSpecsOf(spec)
  if (teachers.length === 0) return []
  const standing = await withRetry(() => teacherStanding(db, spec, [seed]))
  if (standing.state !== 'ready') {
    throw new BenchError({
      code: 'conflict',
      message: standing.note,
      hint: 'Its runs have to be published first.',
    })
  }
  mkdirSync(out, { recursive: true })
  const brought: string[] = []
  for (const [i, teacher] of teachers.entries()) {
    const found = standing.teachers[i]
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
