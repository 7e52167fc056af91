import type { Manifest } from '@mate-bench/schema'
import type { BoardEntry } from '../data/board-table.ts'
import { siteUrl } from '../data/site-url.ts'
import { plural } from './numbers.ts'

/** An entry as schema.org's Dataset: its predictions are data that anybody can use. */
export function entryDataset(entry: BoardEntry, manifest: Manifest): object {
  const url = (path: string) => new URL(path, siteUrl()).href
  return {
    '@context': 'https://schema.org',
    '@type': 'Dataset',
    '@id': url(`/entries/${entry.id}`),
    name: `MATE Bench: ${entry.name}`,
    description:
      `${entry.synthetic ? 'Synthetic data, not a result of training. ' : ''}Predictions of every exit of ${entry.name} (${entry.method} on ${entry.backbone}) on the test split of ${manifest.track.dataset}, ` +
      `${plural(entry.seeds.length, 'seed')}, with costs and metrics.`,
    url: url(`/entries/${entry.id}`),
    identifier: entry.specDigest,
    dateModified: entry.updatedAt,
    isAccessibleForFree: true,
    measurementTechnique: `multi-exit image classification, ${entry.method}`,
    variableMeasured: ['top-1 accuracy', 'multiply-accumulates', 'expected calibration error'],
    distribution: entry.runIds.map((runId) => ({
      '@type': 'DataDownload',
      encodingFormat: 'application/vnd.apache.parquet',
      contentUrl: url(`/runs/${runId}/files/predictions.parquet`),
    })),
  }
}
