import { createHash } from 'node:crypto'
import { sealManifest } from '@mate-bench/harness/manifest'
import { encodePredictions } from '@mate-bench/harness/predictions-file'
import { type SyntheticRunOptions, syntheticRun } from '@mate-bench/harness/testing'
import { correctness } from '@mate-bench/stats'
import { type ArtifactStore, type Db, publishRun } from '@mate-bench/store'

/**
 * For tests: publishes a run that nobody trained, with its predictions. It is not marked as made up: a database with
 * runs that are takes no others.
 */
export async function publishSynthetic(
  db: Db,
  artifactStore: ArtifactStore,
  options: SyntheticRunOptions,
): Promise<void> {
  const { manifest, predictions } = syntheticRun(options)
  const { manifestDigest: _, ...content } = manifest
  const bytes = encodePredictions(predictions)
  const file = {
    role: 'predictions' as const,
    file: 'predictions.parquet',
    mediaType: 'application/vnd.apache.parquet',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
  const { exits, ensemble } = predictions.table
  await publishRun(
    db,
    artifactStore,
    {
      manifest: sealManifest({ ...content, artifacts: [file] }),
      readFile: () => bytes,
      correctness: { exits: exits.map(correctness), ensemble: correctness(ensemble) },
    },
    { tier: 'recomputed' },
  )
}
