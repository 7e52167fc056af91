import { judgeReproduction } from '@mate-bench/harness/reproduce'
import { digestJson } from '@mate-bench/provenance'
import { BenchError, formatPath, type Manifest, manifestSchema, type Problem } from '@mate-bench/schema'
import type { SeedSummary } from '@mate-bench/stats'
import type { NewVerdict, RunDetail } from '@mate-bench/store'

/** As many seeds as anybody trains again. */
export const mostManifests = 10

type Judged = Pick<NewVerdict, 'verdict' | 'summary' | 'cause' | 'evidence' | 'place' | 'manifest'> & {
  /** All that were sent. */
  readonly manifests: readonly Manifest[]
}

/**
 * Judges trainings that somebody repeated, from their manifests: what the sender makes of them is not asked.
 *
 * @param documents manifests as they were sent, that of the run's own seed first
 * @param entry top-1 of each exit over the seeds of the run's entry
 * @throws BenchError `bad-input` for what is no manifest or does not have its own digest, or is not of another training of
 *   the run's spec
 */
export function judgeSent(
  run: RunDetail,
  documents: readonly unknown[],
  entry: readonly SeedSummary[],
): Judged {
  const manifests = documents.map((document, i) => manifestOf(document, `manifests[${i}]`))
  const [first, ...others] = manifests
  if (!first) throw refused([{ path: 'manifests', message: 'There is none.' }])
  const problems = manifests.flatMap((manifest, i) =>
    problemsOf(manifest, run.manifest).map((message) => ({ path: `manifests[${i}]`, message })),
  )
  if (first.seed !== run.seed) {
    problems.push({
      path: 'manifests[0].seed',
      message: `The run has the seed ${run.seed}, not ${first.seed}.`,
    })
  }
  if (new Set(manifests.map(({ seed }) => seed)).size < manifests.length) {
    problems.push({ path: 'manifests', message: 'A seed is there twice.' })
  }
  if (problems.length > 0) throw refused(problems)
  const judged = judgeReproduction({ published: run.manifest, repeated: [first, ...others], entry })
  const { verdict, summary, cause = null, evidence } = judged
  const { backend, cpu, gpu = null, os, arch, node } = first.environment
  const place = { backend: backend.name, cpu, gpu, os, arch, node, commit: first.code.commit }
  return { verdict, summary, cause, evidence, place, manifest: first, manifests }
}

function manifestOf(document: unknown, path: string): Manifest {
  const parsed = manifestSchema.safeParse(document)
  if (!parsed.success) {
    throw refused(
      parsed.error.issues.map((issue) => ({
        path: `${path}.${formatPath(issue.path)}`,
        message: issue.message,
      })),
    )
  }
  // Not `parsed.data`, whose members may stand in another order than those that were sealed.
  const manifest = document as Manifest
  const { manifestDigest, ...content } = manifest
  if (digestJson(content) === manifestDigest) return manifest
  throw refused([{ path: `${path}.manifestDigest`, message: 'It does not have its own digest.' }])
}

function problemsOf(manifest: Manifest, published: Manifest): string[] {
  const { runId, specDigest, spec, timing } = manifest
  const { $schema: _, ...content } = spec
  return [
    ...(runId === published.runId ? ['It is the published run itself, not another training.'] : []),
    ...(specDigest !== published.specDigest || digestJson(content) !== specDigest
      ? ['It is not of the spec of the published run.']
      : []),
    ...(timing.startedAt < published.timing.finishedAt
      ? ['It began before the published run was finished: nobody can have repeated it by then.']
      : []),
  ]
}

function refused(problems: readonly Problem[]): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: 'These manifests are not of a repeated training of this run.',
    problems,
    hint: 'Send them with `mate-bench reproduce RUN --publish`.',
  })
}
