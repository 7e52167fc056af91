import type { TrackSummary } from '@mate-bench/store/track-table'
import { siteUrl } from '../data/site-url.ts'
import { plural } from '../view/numbers.ts'
import { type BoardColumn, boardColumns } from './board-columns.ts'

/**
 * A track's table as a Croissant document (https://docs.mlcommons.org/croissant/docs/croissant-spec.html): where the files
 * are, and what each column of them means.
 */
export interface CroissantOptions {
  /** How the track is named in addresses. */
  readonly key: string
  /** Whether its entries were made up. */
  readonly synthetic: boolean
  /** ISO 8601: when the latest of its runs was published. */
  readonly updatedAt: string
  /** Under which the table may be used. */
  readonly licence: string | undefined
}

export function trackCroissant(
  { digest, document, entries, runs }: TrackSummary,
  { key, synthetic, updatedAt, licence }: CroissantOptions,
): object {
  const url = (path: string) => new URL(path, siteUrl()).href
  const page = url(`/tracks/${key}`)
  return {
    '@context': context,
    '@type': 'sc:Dataset',
    '@id': page,
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: `mate-bench-${document.dataset}-${key}`,
    description:
      `${synthetic ? 'Synthetic data, not a result of training. ' : ''}Accuracy, calibration and multiply-accumulates of every exit of ${plural(entries, 'network')} on ` +
      `${document.dataset}, over ${plural(runs, 'run')}: one row per exit, with 95 % intervals over seeds and images.`,
    url: page,
    identifier: digest,
    version: `1.0.0+${updatedAt.slice(0, 10).replaceAll('-', '')}`,
    datePublished: updatedAt,
    isLiveDataset: true,
    ...(licence === undefined ? {} : { license: licence }),
    creator: { '@type': 'sc:Organization', name: 'MATE Bench', url: siteUrl().href },
    citeAs: `MATE Bench, ${document.dataset} (track ${key}), as of ${updatedAt.slice(0, 10)}, ${page}`,
    distribution: [
      file('board.csv', 'text/csv', url(`/board.csv?track=${key}`)),
      file('board.parquet', 'application/vnd.apache.parquet', url(`/board.parquet?track=${key}`)),
    ],
    recordSet: [
      {
        '@type': 'cr:RecordSet',
        '@id': 'exits',
        name: 'exits',
        description: 'One row for each exit of each entry, and one for the ensemble of its exits.',
        key: [{ '@id': 'exits/entry' }, { '@id': 'exits/exit' }],
        field: Object.entries(boardColumns).map(([name, column]) => field(name, column)),
      },
    ],
  }
}

const types = { text: 'sc:Text', count: 'sc:Float', number: 'sc:Float', flag: 'sc:Boolean' } as const

function file(name: string, encodingFormat: string, contentUrl: string): object {
  return { '@type': 'cr:FileObject', '@id': name, name, encodingFormat, contentUrl }
}

function field(name: string, { type, description }: BoardColumn): object {
  return {
    '@type': 'cr:Field',
    '@id': `exits/${name}`,
    name,
    description,
    // Counts may be missing, which an integer of many readers can't be.
    dataType: types[type],
    source: { fileObject: { '@id': 'board.csv' }, extract: { column: name } },
  }
}

/** As the specification gives it: readers compare it. */
const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  equivalentProperty: 'cr:equivalentProperty',
  samplingRate: 'cr:samplingRate',
  dct: 'http://purl.org/dc/terms/',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileProperty: 'cr:fileProperty',
  fileObject: 'cr:fileObject',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
} as const
