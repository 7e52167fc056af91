import { digestExperiment } from '@mate-bench/provenance'
import { defaultResultsFolder, type PackedRun, readAllPacked } from '@mate-bench/results'
import { type SeedSummary, summariseSeeds } from '@mate-bench/stats'
import { type PublishedRun, publishedSpec } from '../reproduce/published-manifest.ts'

/** A run that ships, as one that was fetched from a site. */
export function shippedRun({ manifest }: PackedRun): PublishedRun {
  return { manifest, spec: publishedSpec(manifest, `bench-results, ${manifest.runId}`) }
}

/** Top-1 of each exit over the seeds of its entry that ship, shallowest first. */
export function shippedSpread({ manifest }: PackedRun): SeedSummary[] {
  const experiment = digestExperiment(manifest.spec)
  const own = readAllPacked(defaultResultsFolder()).filter(
    (run) =>
      run.manifest.track.digest === manifest.track.digest &&
      digestExperiment(run.manifest.spec) === experiment,
  )
  return manifest.results.exits.map((_, i) =>
    summariseSeeds(own.map((run) => run.manifest.results.exits[i]?.top1 ?? 0)),
  )
}
