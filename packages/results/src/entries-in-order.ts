import { digestExperiment } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import type { PackedRun } from './packed-run.ts'

/**
 * Packed runs by the entry that they are of, each in the order of its seeds; those that taught others first.
 *
 * @throws BenchError `verification-failed` where a run that taught another is not among them, or has other weights
 */
export function entriesInOrder(runs: readonly PackedRun[]): PackedRun[][] {
  const byId = new Map(runs.map((run) => [run.manifest.runId, run]))
  const depths = new Map<string, number>()
  const depthOf = (run: PackedRun): number => {
    const { runId, teachers = [] } = run.manifest
    const known = depths.get(runId)
    if (known !== undefined) return known
    // Against a circle, which no training can have made.
    depths.set(runId, Number.POSITIVE_INFINITY)
    const depth = Math.max(0, ...teachers.map((teacher) => 1 + depthOf(teacherOf(run, teacher, byId))))
    depths.set(runId, depth)
    return depth
  }
  const entries = new Map<string, PackedRun[]>()
  for (const run of runs) {
    const key = `${run.manifest.track.digest} ${digestExperiment(run.manifest.spec)}`
    entries.set(key, [...(entries.get(key) ?? []), run])
  }
  const ordered = [...entries.values()].map((own) => ({
    depth: Math.max(...own.map(depthOf)),
    own: own.sort((a, b) => a.manifest.seed - b.manifest.seed),
  }))
  return ordered.sort((a, b) => a.depth - b.depth).map(({ own }) => own)
}

/** What is wrong with the teachers of packed runs, a line each: nobody could load these runs. */
export function teacherProblems(runs: readonly PackedRun[]): string[] {
  const byId = new Map(runs.map((run) => [run.manifest.runId, run]))
  return runs.flatMap((run) =>
    (run.manifest.teachers ?? []).flatMap((teacher) => {
      try {
        teacherOf(run, teacher, byId)
        return []
      } catch (thrown) {
        if (thrown instanceof BenchError) return [thrown.message]
        throw thrown
      }
    }),
  )
}

function teacherOf(
  { manifest }: PackedRun,
  { runId, weightsSha256 }: { readonly runId: string; readonly weightsSha256: string },
  byId: ReadonlyMap<string, PackedRun>,
): PackedRun {
  const teacher = byId.get(runId)
  const weights = teacher?.manifest.artifacts.find(({ role }) => role === 'model')?.sha256
  if (teacher && weights === weightsSha256) return teacher
  throw new BenchError({
    code: 'verification-failed',
    message: `${manifest.spec.name}, seed ${manifest.seed}, was taught by ${runId}, which is ${teacher ? 'here with other weights' : 'not among the packed runs'}.`,
    path: manifest.runId,
    hint: 'Pack the folder of the run that taught it too: `mate-bench results pack RUNS`.',
  })
}
