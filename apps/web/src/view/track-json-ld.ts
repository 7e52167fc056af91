import type { TrackSummary } from '@mate-bench/store/track-table'
import { siteUrl } from '../data/site-url.ts'

/**
 * A track's table as schema.org's Dataset.
 *
 * @param key how the track is named in addresses
 */
export function trackDataset({ digest, document, entries, runs }: TrackSummary, key: string): object {
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
      `Top-1 accuracy, calibration and multiply-accumulates of every exit of ${entries} networks on the test split of ` +
      `${document.dataset}, over ${runs} runs, with intervals and ranks by paired tests.`,
    url: url('/'),
    identifier: digest,
    isAccessibleForFree: true,
    measurementTechnique: 'multi-exit image classification',
    variableMeasured: ['top-1 accuracy', 'multiply-accumulates', 'expected calibration error'],
    distribution: [file('/board.csv', 'text/csv'), file('/board.json', 'application/json')],
  }
}
