import type { TrackSummary } from '@mate-bench/store/track-table'
import { siteUrl } from '../data/site-url.ts'
import { plural } from './numbers.ts'

interface TrackDatasetOptions {
  /** How the track is named in addresses. */
  readonly key: string
  /** Whether its entries were made up. */
  readonly synthetic: boolean
}

/** A track's table as schema.org's Dataset. */
export function trackDataset(
  { digest, document, entries, runs }: TrackSummary,
  { key, synthetic }: TrackDatasetOptions,
): object {
  const url = (path: string) => new URL(`${path}?track=${key}`, siteUrl()).href
  const file = (path: string, encodingFormat: string) => ({
    '@type': 'DataDownload',
    encodingFormat,
    contentUrl: url(path),
  })
  return {
    '@context': 'https://schema.org',
    '@type': 'Dataset',
    '@id': url('/'),
    name: `MATE Bench: multi-exit image classifiers on ${document.dataset}`,
    description:
      `${synthetic ? 'Synthetic data, not a result of training. ' : ''}Top-1 accuracy, calibration and multiply-accumulates of every exit of ${plural(entries, 'network')} on the test split of ` +
      `${document.dataset}, over ${plural(runs, 'run')}, with intervals and ranks by paired tests.`,
    url: url('/'),
    identifier: digest,
    isAccessibleForFree: true,
    measurementTechnique: 'multi-exit image classification',
    variableMeasured: ['top-1 accuracy', 'multiply-accumulates', 'expected calibration error'],
    distribution: [
      file('/board.csv', 'text/csv'),
      file('/board.json', 'application/json'),
      file('/board.parquet', 'application/vnd.apache.parquet'),
    ],
  }
}
