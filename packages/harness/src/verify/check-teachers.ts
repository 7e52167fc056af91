import { dirname, join } from 'node:path'
import { teachersOf } from '@mate-bench/methods'
import { digestBytes, digestJson } from '@mate-bench/provenance'
import type { Manifest } from '@mate-bench/schema'
import { findTrainedRun } from '../find-trained.ts'
import { maximumBytes, readBounded } from '../read-bounded.ts'
import { readManifest } from '../read-manifest.ts'
import { runFiles } from '../run-files.ts'
import type { Spec } from '../spec.ts'
import { teacherSpecsOf } from '../teachers.ts'
import { type Report, same, teacherCheckName } from './check.ts'

/**
 * Holds the runs that taught this one to the spec that asks for them, and, where they lie beside it, to their own folders:
 * the run of that id has these very weights. A teacher is a run like any other, and is verified like one.
 */
export async function checkTeachers(
  folder: string,
  { spec, manifest }: { readonly spec: Spec; readonly manifest: Manifest },
  report: Report,
): Promise<void> {
  const references = teachersOf(spec.method)
  const { teachers = [] } = manifest
  if (references.length === 0 && teachers.length === 0) return
  const isNamed = await report.check('teachers', () => {
    same(`${teachers.length} teachers`, `${references.length} teachers`)
    teachers.forEach(({ specDigest, seed }, i) => {
      same(`${specDigest} seed ${seed}`, `${references[i]?.specDigest} seed ${manifest.seed}`)
    })
    return `${teachers.map(({ runId }) => runId).join(', ')}: of the specs and the seed that the spec asks for`
  })
  if (!isNamed) return
  for (const [i, teacher] of teacherSpecsOf(spec).entries()) {
    const record = teachers[i]
    if (!record) continue
    const name = `${teacherCheckName} ${teacher.name}`
    const beside = findTrainedRun(dirname(folder), teacher, record.seed)
    if (beside === undefined) {
      report.add(name, 'unchecked', `put the run ${record.runId} beside this one, and they are compared`)
      continue
    }
    await report.check(name, () => {
      const { manifestDigest, ...content } = readManifest(beside).manifest
      same(digestJson(content), manifestDigest)
      same(content.runId, record.runId)
      const weights = readBounded(join(beside, runFiles.model), maximumBytes.model)
      return same(digestBytes(weights), `sha256:${record.weightsSha256}`)
    })
  }
}
