import { join } from 'node:path'
import { teachersOf } from '@mate-bench/methods'
import { createModel, type Model } from '@mate-bench/nn'
import { digestBytes, digestExperiment } from '@mate-bench/provenance'
import { BenchError, type Manifest } from '@mate-bench/schema'
import { requireTensors, restore } from './checkpoint.ts'
import { findTrainedRun } from './find-trained.ts'
import { planSpec } from './plan.ts'
import { maximumBytes, readBounded } from './read-bounded.ts'
import { readManifest } from './read-manifest.ts'
import { runFiles } from './run-files.ts'
import { runFolderPath } from './run-folder.ts'
import { decodeSafetensors } from './safetensors.ts'
import { digestSpec, type Spec } from './spec.ts'
import { teacherSpecsOf } from './teachers.ts'

/** A run that taught another, as the manifest of its student names it. */
export type TeacherRecord = NonNullable<Manifest['teachers']>[number]

/** A finished run that is to teach: its weights, held to its manifest. */
export interface FoundTeacher {
  readonly spec: Spec
  readonly record: TeacherRecord
  readonly weights: Uint8Array
}

/**
 * The runs that teach a spec's run of a seed: those of its teachers' specs with the same seed, in `out`.
 * @throws BenchError `not-found` for one that was not trained yet, `verification-failed` for one whose weights are not those
 *   of its manifest
 */
export function findTeachers(out: string, spec: Spec, seed: number): FoundTeacher[] {
  if (teachersOf(spec.method).length === 0) return []
  return teacherSpecsOf(spec).map((teacher) => {
    const folder = findTrainedRun(out, teacher, seed)
    if (folder === undefined) {
      throw new BenchError({
        code: 'not-found',
        message: `The teacher of "${spec.name}" is not trained yet: "${teacher.name}" with seed ${seed}.`,
        path: runFolderPath(out, teacher, seed),
        hint: '`mate-bench run` trains it first; a run folder that lies elsewhere can be copied there.',
      })
    }
    const { manifest } = readManifest(folder)
    const weights = readBounded(join(folder, runFiles.model), maximumBytes.model)
    const record = {
      specDigest: digestSpec(teacher),
      seed,
      runId: manifest.runId,
      weightsSha256: digestBytes(weights).slice('sha256:'.length),
    }
    const said = manifest.artifacts.find(({ role }) => role === 'model')?.sha256
    const isItself = digestExperiment(manifest.spec) === digestExperiment(teacher) && manifest.seed === seed
    if (!isItself || said !== record.weightsSha256) {
      throw new BenchError({
        code: 'verification-failed',
        message: `The run of the teacher "${teacher.name}" was changed after it was finished.`,
        path: folder,
        hint: 'Delete the folder and run again: the teacher is trained anew.',
      })
    }
    return { spec: teacher, record, weights }
  })
}

/** The teacher's network with the weights of its run, on the current backend. Dispose it. */
export function openTeacher({ spec, weights, record }: FoundTeacher): Model {
  const { network } = planSpec(spec)
  const source = `the weights of ${spec.name}`
  const { tensors } = decodeSafetensors(weights, source)
  const named = new Map([...tensors].map(([name, tensor]) => [`model/${name}`, tensor]))
  const model = createModel(network, record.seed)
  try {
    requireTensors(named, { model: model.variables }, source)
    restore(named, { model: model.variables })
    return model
  } catch (thrown) {
    model.dispose()
    throw thrown
  }
}
