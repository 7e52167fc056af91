import { digestJson } from '@mate-bench/provenance'
import {
  BenchError,
  digestedContent,
  type Manifest,
  manifestSchema,
  type Problem,
  problemsFromIssues,
} from '@mate-bench/schema'
import type { Correctness, PublishableRun } from './publishable-run.ts'

/**
 * Holds a run to its own digests and its headline numbers to who was right where. That every other number follows
 * from the predictions is for the harness to check (`verifyRun`), which knows how they are computed.
 *
 * @throws BenchError `verification-failed` with every difference
 */
export function checkRun({ manifest, correctness }: Omit<PublishableRun, 'readFile'>): void {
  const parsed = manifestSchema.safeParse(manifest)
  if (!parsed.success) {
    throw refusal(manifest.runId, problemsFromIssues(parsed.error.issues, manifestSchema, manifest))
  }
  const problems = [...digestProblems(manifest), ...correctnessProblems(manifest, correctness)]
  if (problems.length > 0) throw refusal(manifest.runId, problems)
}

export function refusal(runId: string, problems: readonly Problem[]): BenchError {
  return new BenchError({
    code: 'verification-failed',
    message: `The run ${runId} is not published: what it says does not hold.`,
    problems,
    hint: 'Nothing was written. `mate-bench verify RUN` shows every check; run the spec again if the folder was damaged.',
  })
}

function digestProblems(manifest: Manifest): Problem[] {
  const { manifestDigest, ...content } = manifest
  const { digest: trackDigest, ...track } = manifest.track
  return [
    ...differing('manifestDigest', manifestDigest, digestJson(content)),
    ...differing('track.digest', trackDigest, digestJson(track)),
    ...differing('specDigest', manifest.specDigest, digestJson(digestedContent(manifest.spec))),
  ]
}

function correctnessProblems({ results, track, model }: Manifest, correctness: Correctness): Problem[] {
  const counts = [results.exits.length, model.exits.length, correctness.exits.length]
  if (new Set(counts).size > 1) {
    return [
      { path: 'results.exits', message: `Costs, results and predictions are of ${counts.join(', ')} exits.` },
    ]
  }
  const images = track.splits.test.count
  const rows = [
    ...results.exits.map(({ top1 }, i) => ({
      path: `results.exits[${i}].top1`,
      top1,
      right: correctness.exits[i],
    })),
    { path: 'results.ensemble.top1', top1: results.ensemble.top1, right: correctness.ensemble },
  ]
  return rows.flatMap(({ path, top1, right }) => {
    const found = right === undefined ? Number.NaN : right.reduce((sum, one) => sum + one, 0) / right.length
    if (right?.length !== images) {
      return [
        { path, message: `Predictions are of ${right?.length ?? 0} images, the test split has ${images}.` },
      ]
    }
    return differing(path, top1, found)
  })
}

function differing(path: string, claimed: string | number, found: string | number): Problem[] {
  return Object.is(claimed, found)
    ? []
    : [{ path, message: `The manifest says ${claimed}, recomputed is ${found}.` }]
}
