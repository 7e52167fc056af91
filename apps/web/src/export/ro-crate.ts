/**
 * A run as an RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): its files, and what made them as a Process Run Crate 0.5
 * (https://w3id.org/ro/wfrun/process/0.5). Files are named as in the run's folder, and as beside the document's own address, so
 * that it is right in either place.
 */
import type { ArtifactRole, Manifest } from '@mate-bench/schema'
import { findDataset } from '../view/find-dataset.ts'
import { plural } from '../view/numbers.ts'

const crate = 'https://w3id.org/ro/crate/1.1'
const processCrate = 'https://w3id.org/ro/wfrun/process/0.5'

export interface RunCrateOptions {
  readonly name: string
  /** ISO 8601. */
  readonly publishedAt: string
  readonly synthetic: boolean
  /** Bytes of `manifest.json`. */
  readonly manifestBytes: number
  /** The run's page, absolute. */
  readonly page: string
  /** The site, absolute: who publishes the run. */
  readonly site: string
  /** Where the program that trained it is found, absolute. */
  readonly software: string
  /** Under which its files may be used. */
  readonly licence: string | undefined
}

/** @param manifest of the run */
export function runCrate(manifest: Manifest, options: RunCrateOptions): object {
  const { runId, seed, spec, track, model, training, timing, code, environment } = manifest
  const { name, publishedAt, synthetic, manifestBytes, page, site, software, licence } = options
  const files = manifest.artifacts.map((artifact) => fileEntity(artifact))
  const results = [...files, manifestEntity(manifestBytes)]
  const made = results.filter((file) => idOf(file) !== 'spec.json')
  const dataset = findDataset(track.dataset)
  const datasetId = dataset?.homepage ?? `#${track.dataset}`
  const used = [...files.filter((file) => idOf(file) === 'spec.json').map(idOf), datasetId]
  return {
    '@context': `${crate}/context`,
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        conformsTo: { '@id': crate },
        about: { '@id': './' },
      },
      {
        '@id': './',
        '@type': 'Dataset',
        conformsTo: { '@id': processCrate },
        name: `MATE Bench: ${name}, seed ${seed}`,
        description:
          `${synthetic ? 'Synthetic data, not a result of training. ' : ''}${spec.method.name} on ${spec.model.backbone.name} with ${plural(model.exits.length, 'exit')}, ` +
          `trained on ${track.dataset} with seed ${seed}: the spec, the manifest and the predictions of every exit for every image.`,
        identifier: runId,
        url: page,
        datePublished: publishedAt,
        license: licence === undefined ? noLicence : { '@id': licence },
        author: { '@id': site },
        publisher: { '@id': site },
        hasPart: references(results.map(idOf)),
        mentions: { '@id': '#training' },
      },
      { '@id': processCrate, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' },
      { '@id': site, '@type': 'Organization', name: 'MATE Bench', url: site },
      ...(licence === undefined ? [] : [{ '@id': licence, '@type': 'CreativeWork', name: 'Licence' }]),
      ...results,
      {
        '@id': '#training',
        '@type': 'CreateAction',
        name: `Training with seed ${seed}`,
        description: `${plural(training.epochs, 'epoch')} on ${environment.backend.name} ${environment.backend.version}, ${environment.cpu}.`,
        instrument: { '@id': software },
        object: references(used),
        result: references(made.map(idOf)),
        startTime: withOffset(timing.startedAt),
        endTime: withOffset(timing.finishedAt),
        actionStatus: 'http://schema.org/CompletedActionStatus',
      },
      {
        '@id': software,
        '@type': 'SoftwareApplication',
        name: 'MATE Bench',
        url: software,
        softwareVersion:
          code.commit === null ? 'unknown' : `${code.commit}${code.dirty ? ' with changes' : ''}`,
        softwareRequirements: `Node ${environment.node}, ${environment.os}`,
      },
      {
        '@id': datasetId,
        '@type': 'CreativeWork',
        name: dataset?.title ?? track.dataset,
        description: `Test split of ${plural(track.splits.test.count, 'image')}, ${track.splits.test.digest}.`,
        ...(dataset === undefined ? {} : { license: dataset.licence, citation: dataset.citation }),
      },
    ],
  }
}

const noLicence = 'The site names no licence: ask who runs it.'

const descriptions: Readonly<Record<ArtifactRole, string>> = {
  spec: 'What was trained and how it was evaluated, with all defaults.',
  metrics: 'Losses and accuracies, one line per epoch.',
  log: 'Times and memory, one line per epoch.',
  predictions: 'Class, confidence, log-probability, rank and entropy of every exit on every test image.',
  'validation-predictions': 'The same on the validation split, which thresholds are fitted on.',
  model: 'Parameters and batch-norm statistics.',
}

/** RDF has no lists of one: the format asks for the value alone. */
function references(ids: readonly string[]): object | undefined {
  const all = ids.map((id) => ({ '@id': id }))
  return all.length === 1 ? all[0] : all
}

/** The profile's times are written with an offset. */
function withOffset(iso: string): string {
  return iso.replace(/Z$/, '+00:00')
}

function idOf(entity: object): string {
  return String(Reflect.get(entity, '@id'))
}

function fileEntity({ role, file, mediaType, bytes, sha256 }: Manifest['artifacts'][number]): object {
  return {
    '@id': file,
    '@type': 'File',
    name: file,
    description: descriptions[role],
    encodingFormat: mediaType,
    contentSize: String(bytes),
    sha256,
  }
}

function manifestEntity(bytes: number): object {
  return {
    '@id': 'manifest.json',
    '@type': 'File',
    name: 'manifest.json',
    description:
      'Everything that is needed to repeat the run and to check it, with the digests of its files.',
    encodingFormat: 'application/json',
    contentSize: String(bytes),
  }
}
