import { digestExperiment } from '@mate-bench/provenance'
import { defaultResultsFolder, findPacked, type PackedRun, readAllPacked } from '@mate-bench/results'
import { type SeedSummary, summariseSeeds } from '@mate-bench/stats'
import { fetchPublishedRun, type PublishedRun, publishedSpec } from './published-manifest.ts'
import { fetchPublishedSpread } from './published-spread.ts'
import { type RunAddress, runAddress } from './run-address.ts'

/** A run that is to be repeated, from wherever it is. */
export interface RunSource extends PublishedRun {
  /** For people. */
  readonly where: string
  /** The site that has it; undefined for one that ships and that no site is to hear of. */
  readonly address: RunAddress | undefined
  /** Top-1 of each exit over the seeds of its entry, shallowest first. */
  readonly spread: () => Promise<readonly SeedSummary[]>
}

/**
 * Finds a run that ships by its name or id, without a site, or else a published one by its address or id.
 *
 * @throws BenchError what `runAddress` and `fetchPublishedRun` throw
 */
export async function findRunSource(
  run: string,
  { url, publish }: { readonly url: string; readonly publish: boolean },
): Promise<RunSource> {
  const packed = findPacked(defaultResultsFolder(), run)
  if (packed) {
    const { manifest } = packed
    return {
      manifest,
      spec: publishedSpec(manifest, `bench-results, ${manifest.runId}`),
      where: 'bench-results',
      address: publish ? runAddress(manifest.runId, url) : undefined,
      spread: async () => shippedSpread(packed),
    }
  }
  const address = runAddress(run, url)
  const spread = () => fetchPublishedSpread(address)
  return { ...(await fetchPublishedRun(address)), where: address.site.host, address, spread }
}

function shippedSpread({ manifest }: PackedRun): SeedSummary[] {
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
