import { companionFiles, type Manifest } from '@mate-bench/schema'

/** Names inside a run folder. */
export const runFiles = {
  spec: 'spec.json',
  manifest: 'manifest.json',
  metrics: 'metrics.jsonl',
  log: 'log.jsonl',
  predictions: 'predictions.parquet',
  validationPredictions: 'validation-predictions.parquet',
  model: 'model.safetensors',
  checkpoint: 'checkpoint/latest.safetensors',
  previousCheckpoint: 'checkpoint/previous.safetensors',
} as const

/** What a finished folder holds, and nothing else. What stands beside a manifest may be missing. */
export function filesOf(manifest: Manifest): string[] {
  const companions = Object.values(companionFiles).map(({ file }) => file)
  return [runFiles.manifest, ...companions, ...manifest.artifacts.map(({ file }) => file)]
}
